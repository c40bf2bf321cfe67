import { isStuck, type Standing, type TaskRef } from '../../core/task/standing.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { l10n } from './l10n.ts';
import { statusWord } from './words.ts';

type Waiting = Extract<Standing, { kind: 'waiting' }>;

/** The reason why a task waits, for its row. */
export function waitingText(waiting: Waiting): string {
  const { for: reason, on, through, slots, until } = waiting;
  switch (reason) {
    case 'confirmation':
      return l10n.t('from outside, waiting for confirmation');
    case 'dependency':
      return isStuck(waiting)
        ? l10n.t('blocked by {0}', listed(on.filter((ref) => isStuck({ on: [ref] })).map(lostWord)))
        : l10n.t('waiting for {0}', listed(on.map(name)));
    case 'parent_dependency':
      return l10n.t('waiting for {0}, through #{1}', listed(on.map(name)), through?.number ?? '?');
    case 'agent':
      return l10n.t('waiting for its agent to be installed');
    case 'window':
      return l10n.t('waiting for a window that offers the models of the editor');
    case 'script':
      return l10n.t('waiting for its script');
    case 'uncounted':
      return l10n.t('no cost reported: start it to decide');
    case 'limit':
      return l10n.t('limit reached');
    case 'day_limit':
      return l10n.t('daily limit reached');
    case 'resume':
      return l10n.t('waiting to be resumed');
    case 'agent_limit':
      return l10n.t('waiting for another task of its agent');
    case 'budget':
      return l10n.t('waiting for budget reserved by {0}', listed(on.map(name)));
    case 'delay':
      return l10n.t('resumes in a moment');
    case 'rate_limit':
      return l10n.t('waiting for the rate limit until {0}', clockTime(until));
    case 'parallel_limit':
      return on.length === 0
        ? l10n.t('waiting for a free slot ({0} of {0} in use)', slots ?? '?')
        : l10n.t('waiting for a free slot ({0} of {0} in use, {1} waits for you)', slots ?? '?', listed(on.map(name)));
    case 'recovery':
      return l10n.t('waiting for a worker: the process that ran it is gone');
  }
}

/** The tasks that a task waits for, as `#3`. */
export function waitingNames(situation: Standing): string[] {
  return situation.kind === 'waiting' ? situation.on.map(name) : [];
}

function name({ task, deleted }: TaskRef): string {
  if (task !== undefined) return `#${task.number}`;
  if (deleted === undefined) return l10n.t('a deleted task');
  return l10n.t('#{0} "{1}" (deleted)', deleted.number, sanitizeLine(deleted.title));
}

function lostWord(ref: TaskRef): string {
  return ref.task === undefined ? name(ref) : `#${ref.task.number} (${statusWord(ref.task.status)})`;
}

function listed(names: readonly string[]): string {
  return names.slice(0, 3).join(', ') + (names.length > 3 ? ' …' : '');
}

function clockTime(at: string | undefined): string {
  return at === undefined ? '?' : new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
