import type { Logger } from '../core/logger.ts';
import { type PermissionRule, verdictOf } from '../core/policy/rules.ts';
import type { Environment } from './confirmations.ts';
import { loadSettings } from './settings.ts';

interface LiveRulesOptions {
  readonly folder: string;
  readonly logger: Logger;
  readonly env?: Environment | undefined;
}

/**
 * The rules as the files have them now: a person who writes one means the next request. The files are read each time,
 * because a request is rare and a time of change is too coarse to go by.
 */
export class LiveRules {
  private readonly options: LiveRulesOptions;
  private last: readonly PermissionRule[] | undefined;
  /** While a file cannot be read that has never been read: what the other one denies or asks. */
  private instead: readonly PermissionRule[] = [];
  private told = '';
  private why: string | undefined;

  constructor(options: LiveRulesOptions) {
    this.options = options;
  }

  /** Why nothing is allowed by a rule, whatever the files allow; undefined while they count. */
  get withheld(): string | undefined {
    return this.why;
  }

  /**
   * The same list as before while nothing has changed; the last good one while a file cannot be read. Where there is none,
   * nothing is allowed: what the file denies or asks is not known.
   */
  async current(): Promise<readonly PermissionRule[]> {
    const { folder, env } = this.options;
    const { rules = [], unread = [] } = await loadSettings(folder, env);
    const problem = unread.join('\n');
    const first = problem !== '' && this.last === undefined;
    this.why = first
      ? `${problem} Nothing is allowed by a rule until that is put right, so that you are asked.`
      : undefined;
    this.tell(problem, this.why ?? `${problem} The rules stay as they were before.`);
    if (first) {
      const strict = rules.filter((rule) => verdictOf(rule) !== 'allow');
      if (!isSame(this.instead, strict)) this.instead = strict;
      return this.instead;
    }
    const stays = this.last !== undefined && (problem !== '' || isSame(this.last, rules));
    this.last = stays ? this.last : rules;
    return this.last ?? rules;
  }

  private tell(problem: string, line: string): void {
    if (problem !== '' && problem !== this.told) this.options.logger.warn(line);
    this.told = problem;
  }
}

function isSame(one: readonly PermissionRule[], other: readonly PermissionRule[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
