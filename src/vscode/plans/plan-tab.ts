import * as vscode from 'vscode';
import type { OutputOf as OperationOutput } from '../../operations/all.ts';
import type { InputOf, OutputOf } from '../../webviews/kit/protocol.ts';
import { type PlanModel, type PlanProtocol, planProtocol } from '../../webviews/plan/protocol.ts';
import { pickAgent } from '../agents/pick-agent.ts';
import { errorText } from '../feedback/errors.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { Page, type PageContext } from '../pages/page.ts';
import { l10n } from '../present/l10n.ts';
import { canRefine, headingOf, type PlanOrigin, type ReadPlan, readOrigin, sourceText } from './plan-origin.ts';
import { noteTexts, planRows, shownLine, templateFields } from './plan-rows.ts';
import { planWords } from './plan-words.ts';
import { SpecRefinement } from './refinement.ts';

interface PlanTabOptions {
  readonly panel: vscode.WebviewPanel;
  readonly context: PageContext;
  readonly folder: TaskFolder;
  readonly origin: PlanOrigin;
  /** Shows a task. */
  readonly show: (folder: TaskFolder, id: string) => Promise<void>;
  readonly closed: () => void;
}

type Edits = InputOf<PlanProtocol, 'check'>;
type Preview = OperationOutput<'plan.apply'>;

const nothing: Preview = { applied: false, tasks: [], problems: [], missing: [], notes: [] };

/** One editor tab with the tasks of a plan before they are created. */
export class PlanTab implements vscode.Disposable {
  private readonly options: PlanTabOptions;
  private readonly page: Page<PlanProtocol>;
  private readonly closing = new AbortController();
  private origin: PlanOrigin;
  private read: ReadPlan | undefined;
  private readonly refinement: SpecRefinement | undefined;
  private loads = 0;

  constructor(options: PlanTabOptions) {
    const { panel, context, origin } = options;
    this.options = options;
    this.origin = origin;
    this.refinement =
      origin.kind === 'spec'
        ? new SpecRefinement({
            folder: options.folder,
            file: origin.file,
            logger: context.logger,
            choose: () => this.chooseAgent(),
            describe: errorText,
            changed: (state) => this.page.emit('refinement', state),
          })
        : undefined;
    this.page = new Page(panel.webview, context, {
      name: 'plan',
      title: headingOf(origin),
      protocol: planProtocol,
      handlers: {
        ready: () => {
          void this.load();
          return planWords();
        },
        fill: (input) => this.fill(input),
        check: (edits) => this.check(edits),
        create: (input) => this.create(input),
        dismiss: (input) => this.dismiss(input),
        refine: async () => {
          if (this.read !== undefined && canRefine(this.origin.kind, this.read)) await this.refinement?.start();
          return null;
        },
        cancelRefinement: async () => {
          await this.refinement?.cancel();
          return null;
        },
        showRefinement: () => this.showRefinement(),
        settle: (input) => this.settle(input),
      },
    });
    panel.onDidDispose(() => {
      this.closing.abort(new vscode.CancellationError());
      this.refinement?.leave();
      this.page.dispose();
      options.closed();
    });
  }

  dispose(): void {
    this.options.panel.dispose();
  }

  /** Reads the plan and shows it. A fault of the source becomes the text of the page. */
  private async load(): Promise<void> {
    const { folder, context } = this.options;
    this.loads += 1;
    const own = this.loads;
    // A page that was hidden in the meantime asked again. A second plan would undo the person's changes.
    const isOutdated = (): boolean => this.closing.signal.aborted || own !== this.loads;
    try {
      const read = await readOrigin(folder, this.origin, { signal: this.closing.signal });
      const model = await this.modelOf(read);
      if (isOutdated()) return;
      this.read = read;
      this.page.emit('plan', model);
      if (this.refinement !== undefined) this.page.emit('refinement', this.refinement.state);
    } catch (error) {
      if (isOutdated()) return;
      context.logger.error('The plan could not be read.', error);
      this.read = undefined;
      const model = await this.modelOf({ plan: undefined, notes: [] }).catch(() => this.blank());
      this.page.emit('plan', { ...model, fault: errorText(error) });
    }
  }

  private blank(): PlanModel {
    const { origin } = this;
    const { folder } = this.options;
    return {
      folder: folder.path,
      heading: headingOf(origin),
      source: shownLine(sourceText(folder, origin)),
      origin: JSON.stringify(origin),
      items: [],
      agents: [],
      notes: [],
      canStart: origin.kind !== 'import',
      fault: '',
      canRefine: false,
      refined: '',
    };
  }

  private async modelOf(read: ReadPlan): Promise<PlanModel> {
    const { origin } = this;
    const { agents } = await this.options.folder.ready();
    const preview = read.plan === undefined ? nothing : await this.preview(read, { skip: [], items: {} });
    return {
      ...this.blank(),
      ...(origin.kind === 'template' ? { form: await this.form(origin.name, origin.values) } : {}),
      items: planRows(read, preview),
      agents: agents.names.map((name) => ({
        name,
        label:
          agents.unavailable(name) === undefined ? shownLine(name) : l10n.t('{0} (not available)', shownLine(name)),
      })),
      notes: noteTexts(read, preview),
      canRefine: canRefine(origin.kind, read),
      refined: read.refined === undefined ? '' : l10n.t('Refined by {0}', shownLine(read.refined.agent)),
    };
  }

  private async form(name: string, given: Readonly<Record<string, string>> = {}): Promise<PlanModel['form']> {
    const { store } = await this.options.folder.ready();
    const { templateOf } = await import('../../operations/plan/draft.ts');
    const { fields, values } = templateFields((await templateOf(store.folder, name)).fields);
    return { fields, values: { ...values, ...given } };
  }

  private async fill({ values }: InputOf<PlanProtocol, 'fill'>): Promise<null> {
    const { origin } = this;
    if (origin.kind !== 'template') throw new Error(l10n.t('This plan has no fields.'));
    const texts = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
    const filled = { ...origin, values: texts };
    // A wrong value is reported beside the fields.
    const read = await readOrigin(this.options.folder, filled);
    this.origin = filled;
    this.read = read;
    this.page.emit('plan', await this.modelOf(read));
    return null;
  }

  private async check(edits: Edits): Promise<OutputOf<PlanProtocol, 'check'>> {
    const { read } = this;
    if (read === undefined || this.isEmpty(read, edits)) return { problems: [], creates: 0, changes: 0 };
    const { tasks, problems } = await this.preview(read, edits);
    return {
      problems: problems.map(({ key, message }) => ({ ...(key === undefined ? {} : { key }), message })),
      creates: tasks.filter(({ change }) => change === 'new').length,
      changes: tasks.filter(({ change }) => change === 'changed').length,
    };
  }

  private isEmpty({ plan }: ReadPlan, { skip }: Edits): boolean {
    const left = new Set(skip);
    return plan === undefined || plan.items.every(({ key }) => left.has(key));
  }

  private preview(read: ReadPlan, edits: Edits): Promise<Preview> {
    return this.apply(read, edits, { dryRun: true });
  }

  private apply({ plan, splits }: ReadPlan, edits: Edits, options: { start?: boolean; dryRun?: boolean }) {
    if (plan === undefined) throw new Error(l10n.t('No tasks were found.'));
    const input = { plan, edits, ...options, ...(splits === undefined ? {} : { splits }) };
    return operate(this.options.folder, 'plan.apply', input);
  }

  /** Hides a suggestion for good, and shows the others again. */
  private async dismiss({ key }: InputOf<PlanProtocol, 'dismiss'>): Promise<null> {
    await operate(this.options.folder, 'plan.dismiss', { keys: [key] });
    const { read } = this;
    if (read?.plan === undefined) return null;
    const items = read.plan.items.filter((item) => item.key !== key);
    this.read = { ...read, plan: items.length === 0 ? undefined : { ...read.plan, items } };
    this.page.emit('dismissed', { key });
    return null;
  }

  private async chooseAgent(): Promise<string | undefined> {
    const frame = { title: l10n.t('Refine with an Agent') };
    // A shell runs scripts and cannot answer.
    const agent = await pickAgent(this.options.folder, frame, undefined, ({ kind }) => kind !== 'shell');
    return typeof agent === 'object' ? agent.name : undefined;
  }

  private async showRefinement(): Promise<null> {
    const { folder, show } = this.options;
    const { store } = await folder.ready();
    const number = this.refinement?.task ?? this.read?.refined?.number;
    if (number !== undefined) await show(folder, store.resolve(`#${number}`).id);
    return null;
  }

  /** Takes accepted changes of an agent into the plan. */
  private async settle({ accepted }: InputOf<PlanProtocol, 'settle'>): Promise<null> {
    const { origin, refinement } = this;
    if (origin.kind !== 'spec' || refinement === undefined) return null;
    const isRejected = refinement.state.state === 'proposed' && accepted.length === 0;
    const refined = await refinement.settle(accepted);
    // A rejected proposal leaves the plan as it was.
    if (isRejected) return null;
    this.origin = { kind: 'spec', file: origin.file, ...(refined === undefined ? {} : { refined }) };
    await this.load();
    return null;
  }

  private async create({ edits, start }: InputOf<PlanProtocol, 'create'>): Promise<null> {
    const { folder, panel, show } = this.options;
    const { read } = this;
    if (read === undefined) throw new Error(l10n.t('No tasks were found.'));
    const { tasks } = await this.apply(read, edits, { start });
    const first = tasks.find(({ change }) => change !== 'unchanged') ?? tasks[0];
    await this.refinement?.stop();
    panel.dispose();
    if (first?.id !== undefined) await show(folder, first.id);
    return null;
  }
}
