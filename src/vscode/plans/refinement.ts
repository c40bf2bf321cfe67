import type { Logger } from '../../core/logger.ts';
import type { Refinement } from '../../webviews/plan/protocol.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { readProposal, type SpecOrigin } from './plan-origin.ts';
import { shownLine } from './plan-rows.ts';
import { proposalRows } from './proposal-rows.ts';

interface SpecRefinementOptions {
  readonly folder: TaskFolder;
  readonly file: string;
  readonly logger: Logger;
  /** Lets the person choose an agent; undefined without a choice. */
  readonly choose: () => Promise<string | undefined>;
  /** An error in the words of a person. */
  readonly describe: (error: unknown) => string;
  readonly changed: (state: Refinement) => void;
}

/** The refinement of one specification by an agent, from the choice of the agent to its proposal. */
export class SpecRefinement {
  private readonly options: SpecRefinementOptions;
  private current: Refinement = { state: 'none', message: '' };
  private run: AbortController | undefined;
  private asked: number | undefined;
  /** Id of the task in which the agent answered. */
  private answered: string | undefined;

  constructor(options: SpecRefinementOptions) {
    this.options = options;
  }

  get state(): Refinement {
    return this.current;
  }

  /** Number of the task of the agent, once it exists. */
  get task(): number | undefined {
    return this.asked;
  }

  /** Lets the person choose an agent, and asks it. */
  async start(): Promise<void> {
    if (this.current.state === 'running') return;
    const agent = await this.options.choose();
    if (agent !== undefined) void this.ask(agent);
  }

  /**
   * Cancels the task of the agent.
   *
   * @throws TaskError if the task has ended in the meantime, or cannot be changed
   */
  async cancel(): Promise<void> {
    const { run, asked } = this;
    if (run === undefined) return;
    this.run = undefined;
    run.abort();
    this.enter({ state: 'none', message: '' });
    if (asked !== undefined) await this.cancelTask(asked);
  }

  /** As `cancel`, beside another action of the person, which does not fail with it. */
  async stop(): Promise<void> {
    await this.logged(this.cancel());
  }

  /** Stops to wait for the agent. Its task continues, and the next refinement of this text uses its answer. */
  leave(): void {
    this.run?.abort();
  }

  /** Ends the proposal, or the run of the agent. Undefined if no change is accepted. */
  async settle(accepted: readonly string[]): Promise<SpecOrigin['refined']> {
    if (this.current.state === 'running') {
      await this.stop();
      return undefined;
    }
    const { answered } = this;
    this.enter({ state: 'none', message: '' });
    return answered === undefined || accepted.length === 0 ? undefined : { task: answered, accepted: [...accepted] };
  }

  private async ask(agent: string): Promise<void> {
    const run = new AbortController();
    const name = shownLine(agent);
    this.run = run;
    this.asked = undefined;
    this.enter({ state: 'running', message: l10n.t('Starting {0}…', name), canShow: false });
    try {
      const progress = ({ task }: { readonly task?: number }): void => {
        if (task === undefined) return;
        // Cancelled before the task had its number.
        if (this.run !== run) void this.logged(this.cancelTask(task));
        else this.follow(name, task);
      };
      const input = { file: this.options.file, agent, dryRun: true };
      const { refinement } = await operate(this.options.folder, 'plan.from-spec', input, {
        signal: run.signal,
        progress,
      });
      const next = refinement === undefined ? undefined : await this.propose(name, refinement.task);
      if (!run.signal.aborted) this.enter(next ?? { state: 'none', message: l10n.t('{0} proposed no changes.', name) });
    } catch (error) {
      if (!run.signal.aborted) this.enter({ state: 'none', message: this.options.describe(error) });
    } finally {
      if (this.run === run) this.run = undefined;
    }
  }

  private follow(name: string, task: number): void {
    this.asked = task;
    const message = l10n.t('{0} reads the specification and proposes changes in #{1}.', name, task);
    this.enter({ state: 'running', message, canShow: true });
  }

  /** Undefined without a change. */
  private async propose(name: string, number: number): Promise<Refinement | undefined> {
    const { store } = await this.options.folder.ready();
    const { id } = store.resolve(`#${number}`);
    const { before, after } = await readProposal(store, this.options.file, id);
    const rows = proposalRows(before, after);
    if (rows.length === 0) return undefined;
    this.answered = id;
    this.asked = number;
    return { state: 'proposed', heading: l10n.t('Changes that {0} proposes in #{1}', name, number), rows };
  }

  private async cancelTask(number: number): Promise<void> {
    await operate(this.options.folder, 'task.cancel', {
      tasks: [`#${number}`],
      reason: l10n.t('The refinement was cancelled.'),
    });
  }

  private async logged(cancelling: Promise<void>): Promise<void> {
    try {
      await cancelling;
    } catch (error) {
      this.options.logger.warn('The task of a refinement could not be cancelled.', error);
    }
  }

  private enter(state: Refinement): void {
    this.current = state;
    this.options.changed(state);
  }
}
