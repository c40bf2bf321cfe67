import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import { type Offer, offers } from '../core/task/offers.ts';
import type { TaskRecord } from '../core/task/schema.ts';
import type { Host } from '../host.ts';
import { taskList } from '../operations/task/list.ts';
import type { Command, Invocation } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { type Flag, switchFlag, textFlag } from './flags.ts';
import { terminalAsker } from './terminal/question.ts';
import { taskLine } from './views/changed.ts';

const filterFlag = textFlag(
  'filter',
  'Tasks that match a filter instead of named ones, as "task list" takes it.',
  'filter',
);
const yesFlag = switchFlag('yes', 'Change the tasks of the filter without asking.');

/** Tasks of one call. */
const MOST_TASKS = 1_000;

/**
 * Lets a command on several tasks take those of a filter. A person sees them first; a script adds --yes.
 *
 * @param offer leaves out the tasks that the command cannot change
 */
export function byFilter(
  load: () => Promise<Command>,
  { verb, offer }: { readonly verb: string; readonly offer?: Offer },
): () => Promise<Command> {
  return async () => {
    const command = await load();
    return {
      ...command,
      get flags(): readonly Flag[] {
        return [...command.flags, filterFlag, yesFlag];
      },
      positional: command.positional.map((position) =>
        position.key === 'tasks' ? { ...position, required: false } : position,
      ),
      async run(call) {
        const { filter, yes, ...values } = call.values;
        const { tasks } = values;
        if (typeof filter !== 'string') {
          if (tasks === undefined) throw namesNothing();
          return command.run({ ...call, values });
        }
        if (tasks !== undefined) {
          throw new TaskError('InvalidInput', 'Both tasks and a filter are given.', {
            next: [textStep('Name the tasks, or use --filter.')],
          });
        }
        const found = await matching(await call.host(), filter);
        const fit = offer === undefined ? found : found.filter((task) => offers[offer](task));
        const left = found.length - fit.length;
        if (fit.length === 0) {
          call.out.note(
            found.length === 0
              ? 'No task matches the filter.'
              : `The filter matches only tasks that it cannot ${verb.toLowerCase()}: ${left}.`,
          );
          if (call.json) call.out.json({ tasks: [] });
          return exitCodes.done;
        }
        if (yes !== true && !(await agrees(call, verb, fit, left))) {
          call.out.note('Nothing was changed.');
          return exitCodes.done;
        }
        // Exactly the tasks that were shown: others may match by now.
        return command.run({ ...call, values: { ...values, tasks: fit.map(({ id }) => id) } });
      },
    };
  };
}

async function matching(host: Host, filter: string): Promise<readonly TaskRecord[]> {
  const { tasks, total } = await taskList.run(host, { filter, sort: 'number', limit: MOST_TASKS });
  if (total > MOST_TASKS) {
    throw new TaskError('InvalidInput', `The filter matches ${total} tasks, more than ${MOST_TASKS}.`, {
      next: [textStep('Add a field to the filter.')],
    });
  }
  return tasks;
}

/** @throws TaskError `InvalidInput` where no person can answer */
async function agrees(
  { out, json }: Invocation,
  verb: string,
  tasks: readonly TaskRecord[],
  left: number,
): Promise<boolean> {
  const count = tasks.length === 1 ? '1 task' : `${tasks.length} tasks`;
  if (json || !process.stdin.isTTY) {
    throw new TaskError('InvalidInput', `The filter matches ${count}. Nothing was changed.`, {
      next: [textStep('Add --yes to change them without a question.')],
    });
  }
  out.note(tasks.map((task) => taskLine(task, out.noteStyle)).join('\n'));
  if (left > 0) out.note(`Left out, because they cannot change that way: ${left}.`);
  const asker = terminalAsker(process);
  try {
    return /^y(es)?$/i.test((await asker.ask(`${verb} ${count}? [y/N] `)) ?? '');
  } finally {
    asker.close();
  }
}

function namesNothing(): TaskError {
  return new TaskError('InvalidInput', 'No task is named.', {
    next: [textStep('Name tasks, or choose them with --filter.'), textStep('See --help.')],
  });
}
