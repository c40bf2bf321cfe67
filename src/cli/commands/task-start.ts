import type { Offer } from '../../core/task/offers.ts';
import type { OutputOf } from '../../operations/all.ts';
import { standings } from '../../operations/queue/standings.ts';
import { taskRestart } from '../../operations/task/restart.ts';
import { taskResume } from '../../operations/task/resume.ts';
import { taskStart } from '../../operations/task/start.ts';
import { byFilter } from '../by-filter.ts';
import { type Command, type Example, oneOrAll, operationCommand } from '../command.ts';
import type { Flag } from '../flags.ts';
import { type Starting, startAndWait, waitFlag } from '../start-and-wait.ts';
import { startedView } from '../views/changed.ts';

export const start = starting(
  taskStart,
  { done: 'Started', verb: 'Start', offer: 'start' },
  {
    details: `Queues the tasks. Each runs in the background as soon as its dependencies are completed; closing the terminal does not
stop it. With --wait, the command exits when every task has ended: 0 if all succeeded, 1 if one did not.
Ctrl-C then stops waiting, not the tasks.`,
    examples: [
      { words: 'task start 3', description: 'run in the background' },
      { words: 'task start 3 4 5', description: 'start several, all or none' },
      { words: 'task start 3 --wait', description: 'wait for the end, for scripts' },
      { words: 'task start --filter "label:api is:pending"', description: 'the tasks of a filter, after a question' },
    ],
  },
);

export const resume = starting(
  taskResume,
  { done: 'Resumed', verb: 'Resume', offer: 'start' },
  {
    details: `Resumes tasks that you paused, that reached a limit, or that were interrupted, for example by a crash of the machine.
The agent resumes its session if it can; otherwise a new session starts with a summary of the work so far.
Raise a reached limit first. "task restart" starts over; "task follow-up" continues an open session.`,
    examples: [
      { words: 'task resume 3', description: 'resume, for example after "task update 3 --budget-tokens 200000"' },
    ],
  },
);

export const restart = starting(
  taskRestart,
  { done: 'Restarted', verb: 'Restart', offer: 'restart' },
  {
    details: 'Previous executions stay in the history. A task that needs approval asks for it again.',
    examples: [
      { words: 'task restart 3', description: 'run it again' },
      { words: 'task restart 3 --wait', description: 'run it again and wait for the end' },
    ],
  },
);

/** A command that queues tasks, and with --wait follows them to their end. */
function starting(
  operation: Starting,
  { done, verb, offer }: { readonly done: string; readonly verb: string; readonly offer: Offer },
  texts: { readonly details: string; readonly examples: readonly Example[] },
): () => Promise<Command> {
  const queueOnly = operationCommand(operation.name, {
    ...texts,
    follows: true,
    extra: [waitFlag],
    json: 'the task; `{ tasks }` if several are given; with --wait, the final state',
    toJson: oneOrAll,
    view: async ({ tasks }: OutputOf<'task.start'>, { out }, host) =>
      startedView(done, tasks, await standings(host), out.style),
  });
  const load = async (): Promise<Command> => {
    const command = await queueOnly();
    return {
      ...command,
      get flags(): readonly Flag[] {
        return command.flags;
      },
      run: (call) => (call.values.wait === true ? startAndWait(call, operation) : command.run(call)),
    };
  };
  return byFilter(load, { verb, offer });
}
