import type { Logger } from '../core/logger.ts';
import type { PermissionRule } from '../core/policy/rules.ts';
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
  private told = '';

  constructor(options: LiveRulesOptions) {
    this.options = options;
  }

  /** The same list as before while nothing has changed; the last good one while a file cannot be read. */
  async current(): Promise<readonly PermissionRule[]> {
    const { folder, logger, env } = this.options;
    const { rules = [], unread = [] } = await loadSettings(folder, env);
    const problem = unread.join('\n');
    if (problem !== '' && problem !== this.told) logger.warn(`${problem} The rules stay as they were before.`);
    this.told = problem;
    const stays = this.last !== undefined && (problem !== '' || isSame(this.last, rules));
    this.last = stays ? this.last : rules;
    return this.last ?? rules;
  }
}

function isSame(one: readonly PermissionRule[], other: readonly PermissionRule[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
