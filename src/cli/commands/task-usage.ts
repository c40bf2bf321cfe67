import { TaskError } from '../../core/errors.ts';
import { Serial } from '../../core/serial.ts';
import { parseInput } from '../../core/task/create.ts';
import { taskUsage } from '../../operations/metrics/usage.ts';
import { runOperation } from '../../operations/operation.ts';
import { type Command, type Invocation, operationCommand } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { switchFlag } from '../flags.ts';
import { followTasks, hasEnded } from '../follow.ts';
import { fullId } from '../id-prefix.ts';
import { truncate } from '../terminal/width.ts';
import { usageView } from '../views/usage.ts';

/** Milliseconds between updates of the minutes on a terminal. */
const TICK_MS = 1_000;

const once = operationCommand('task.usage', {
  details:
    'Minutes are minutes of work, without time spent waiting for a person. Values that an agent does not report are unknown. Daily limits (`budget.perDay` in `config.json`) cover all tasks of the folder until midnight.',
  examples: [
    { words: 'task usage 3', description: 'show usage and limits' },
    { words: 'task usage 3 --live', description: 'update the output until the task ends' },
  ],
  extra: [switchFlag('live', 'Update the output until the task ends or Ctrl-C.')],
  follows: true,
  json: '`{ id, number, title, status, usage, duration, limits, today, executions }`; with `--live`, JSON Lines, one per change',
  view: (output) => usageView(output),
});

export async function command(): Promise<Command> {
  const showOnce = await once();
  return { ...showOnce, run: (call) => (call.values.live === true ? stayUpToDate(call) : showOnce.run(call)) };
}

/**
 * Prints the spend again after each change: in place on a terminal, below the previous one elsewhere. There, the clock
 * alone is no change, or a file would get new lines every second.
 */
async function stayUpToDate(call: Invocation): Promise<ExitCode> {
  const { out, json } = call;
  const { task } = parseInput(taskUsage.input, { task: call.values.task });
  const host = await call.host();
  const { id } = await runOperation(taskUsage, host, {
    task: await fullId(task, host.store),
  });
  const drawing = new Serial();
  let shown = '';
  const show = async (): Promise<void> => {
    const usage = await runOperation(taskUsage, host, { task: id });
    const text = json ? JSON.stringify(usage) : usageView(usage);
    if (text === shown) return;
    shown = text;
    if (json) out.jsonLine(usage);
    else out.redraw(linesWithin(text, out.columns));
  };
  const draw = (): void => {
    // The follower reports a deletion itself.
    void drawing.run(show).catch((error: unknown) => {
      if (!TaskError.is(error, 'TaskNotFound')) out.note(TaskError.from(error).message);
    });
  };
  const ticking = out.columns === Number.POSITIVE_INFINITY || json ? undefined : setInterval(draw, TICK_MS);
  try {
    const end = await followTasks(host, [host.store.resolve(id)], {
      over: hasEnded,
      listener: {
        changed: draw,
        logged() {},
        deleted: (task) => out.note(`#${task.number} was deleted.`),
      },
      signal: call.interrupted(),
    });
    return end === 'interrupted' ? exitCodes.interrupted : exitCodes.done;
  } finally {
    clearInterval(ticking);
    await drawing.idle();
  }
}

/** A line that is broken by the terminal would not be found again. */
function linesWithin(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => truncate(line, columns))
    .join('\n');
}
