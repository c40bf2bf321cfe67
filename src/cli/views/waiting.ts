import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Waiting } from '../../operations/queue/waiting.ts';

/** The reason why a task waits; follows the word "waits". */
export function waitingWords(waiting: Waiting, number: number): string {
  const { for: reason, on, through, slots, until } = waiting;
  switch (reason) {
    case 'approval':
      return 'for a person to decide';
    case 'question':
      return 'for an answer to its question';
    case 'confirmation':
      return `for confirmation (from outside): task confirm ${number}`;
    case 'dependency':
      return `for ${dependencies(waiting)}`;
    case 'parent_dependency':
      return `for ${dependencies(waiting)}${through === undefined ? '' : `, through #${through}`}`;
    case 'agent':
      return 'for its agent to be installed';
    case 'window':
      return 'for an editor window of this folder that offers its models';
    case 'script':
      return 'for its script';
    case 'uncounted':
      return `for your decision: its agent reports no cost, so no cost limit stops it (task start ${number} --uncounted)`;
    case 'limit':
      return on.every((one) => one === number)
        ? 'for its limit to be raised'
        : `for the limit of ${numbers(on)} to be raised`;
    case 'day_limit':
      return 'for tomorrow, or a higher budget.perDay';
    case 'resume':
      return 'for a person to resume it';
    case 'agent_limit':
      return 'for another task of its agent to end';
    case 'budget':
      return `for budget reserved by ${numbers(on)}`;
    case 'delay':
      return 'a moment, then resumes automatically';
    case 'rate_limit':
      return `for the rate limit until ${clockTime(until)}`;
    case 'parallel_limit':
      return `for a free slot (${slots ?? '?'} of ${slots ?? '?'} in use${on.length === 0 ? '' : `, ${numbers(on)} waits for you`})`;
    case 'recovery':
      return 'for a worker: the process that ran it is gone';
  }
}

function dependencies({ on, deleted = [] }: Waiting): string {
  const names = deleted.map(({ number, title }) => `#${number} "${sanitizeLine(title)}" (deleted)`);
  return [...(on.length === 0 ? [] : [numbers(on)]), ...names].join(', ') || 'a deleted task';
}

export function numbers(tasks: readonly number[]): string {
  const shown = tasks.slice(0, 3).map((number) => `#${number}`);
  return tasks.length > 3 ? `${shown.join(', ')} and ${tasks.length - 3} more` : shown.join(', ');
}

function clockTime(at: string | undefined): string {
  return at === undefined ? '?' : new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
