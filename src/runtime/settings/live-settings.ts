import type { Disposable } from '../../core/disposable.ts';
import { Emitter } from '../../core/emitter.ts';
import type { Logger } from '../../core/logger.ts';
import { type PermissionRule, verdictOf } from '../../core/policy/rule.ts';
import { Serial } from '../../core/serial.ts';
import type { Environment } from '../../store/machine-folder.ts';
import { loadSettings, type Settings } from './settings.ts';

interface LiveSettingsOptions {
  readonly folder: string;
  readonly logger: Logger;
  readonly env?: Environment | undefined;
  /** Settings of a program, in place of the files. */
  readonly given?: Partial<Settings> | undefined;
}

/**
 * The current settings of the files: a new rule applies to the next request, and a lowered limit to running tasks. The
 * files are read each time, because reads are rare and modification times are too coarse.
 */
export class LiveSettings {
  private readonly options: LiveSettingsOptions;
  private readonly turns = new Serial();
  private readonly events = new Emitter<{ changed: Partial<Settings> }>();
  /** As they were last when no file was broken. */
  private good: Settings | undefined;
  private shown: Partial<Settings>;
  private lastRules: readonly PermissionRule[] = [];
  private lastProblem = '';
  private why: string | undefined;

  constructor(options: LiveSettingsOptions) {
    this.options = options;
    this.shown = { ...options.given };
  }

  /** The settings of the last reading; the same object without a change. `refresh` reads them again. */
  get current(): Partial<Settings> {
    return this.shown;
  }

  /** Why no rule may allow a call, regardless of the files; undefined while the rules apply. */
  get withheld(): string | undefined {
    return this.why;
  }

  onChange(listener: (settings: Partial<Settings>) => void): Disposable {
    return this.events.on('changed', listener);
  }

  /**
   * Reads the files. While one of them is invalid, its last valid state remains. If it was never valid, the other one
   * applies and no rule allows a call, because the deny and ask rules of the invalid one are unknown.
   */
  refresh(): Promise<Partial<Settings>> {
    return this.turns.run(() => this.read());
  }

  /** The current rules: the same list object without a change. */
  async rules(): Promise<readonly PermissionRule[]> {
    await this.refresh();
    return this.lastRules;
  }

  private async read(): Promise<Partial<Settings>> {
    const { folder, env, given = {} } = this.options;
    const read = await loadSettings(folder, env);
    const problem = (read.unread ?? []).join('\n');
    if (problem === '') this.good = read;
    const settings = { ...(this.good ?? read), ...given };
    const unknown = this.good === undefined;
    this.why = unknown
      ? `${problem} Nothing is allowed by a rule until that is put right, so that you are asked.`
      : undefined;
    this.warn(problem, this.why ?? `${problem} The settings stay as they were before.`);
    const rules = (settings.rules ?? []).filter((rule) => !unknown || verdictOf(rule) !== 'allow');
    if (!isSame(this.lastRules, rules)) this.lastRules = rules;
    if (!isSame(this.shown, settings)) {
      this.shown = settings;
      this.events.emit('changed', settings);
    }
    return this.shown;
  }

  private warn(problem: string, line: string): void {
    if (problem !== '' && problem !== this.lastProblem) this.options.logger.warn(line);
    this.lastProblem = problem;
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
