import type { Waiting } from '../../operations/queue/waiting.ts';

/** What a task waits for, and what a person can do about it; continues a sentence after "waits". */
export function waitingWords({ for: reason, on }: Waiting, number: number): string {
  switch (reason) {
    case 'approval':
      return 'for a person to decide';
    case 'dependency':
      return on.length === 0 ? 'for a deleted task' : `for ${numbers(on)}`;
    case 'agent':
      return 'for its agent to be installed';
    case 'limit':
      return on.every((one) => one === number)
        ? 'for its limit to be raised'
        : `for the limit of ${numbers(on)} to be raised`;
    case 'day_limit':
      return 'for tomorrow, or a higher budget.perDay';
    case 'resume':
      return `for "systemprompt task resume ${number}"`;
    case 'agent_limit':
      return 'for another task of its agent to end';
    case 'budget':
      return `for budget reserved by ${numbers(on)}`;
    case 'delay':
      return 'a moment, then resumes automatically';
  }
}

export function numbers(tasks: readonly number[]): string {
  return tasks.map((number) => `#${number}`).join(', ');
}
