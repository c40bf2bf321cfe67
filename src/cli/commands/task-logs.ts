import { TaskError } from '../../core/errors.ts';
import { parseInput } from '../../core/task/create.ts';
import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import { runOperation } from '../../operations/operation.ts';
import { compileLogChoice, type LogChoice, taskLogs } from '../../operations/task/logs.ts';
import type { Command, Invocation } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { flagsOf, switchFlag } from '../flags.ts';
import { followTasks, hasEnded } from '../follow.ts';
import { fullId } from '../id-prefix.ts';
import { parseSince } from '../terminal/time.ts';
import { logLine } from '../views/log.ts';

/** Positions in a log are for programs that keep one; on the command line there are --all and --follow. */
const hidden = new Set(['after', 'limit']);
const PAGE = 5_000;

export const command: Command = {
  details:
    '--since also accepts a time span: 30s, 10m, 2h, 3d. --level debug includes debug entries, such as the standard error output of an agent.',
  examples: [
    { words: 'task logs 3', description: 'the latest 1,000 entries' },
    { words: 'task logs 3 --follow', description: 'also new entries until the task ends' },
    { words: 'task logs 3 --filter tool_usage', description: 'only tool entries' },
    { words: 'task logs 3 --level warn --since 2h', description: 'warnings and errors of the last two hours' },
    { words: 'task logs 3 --all --json > log.jsonl', description: 'the whole log as JSON Lines' },
  ],
  flags: [
    ...flagsOf(taskLogs.input).filter((flag) => !hidden.has(flag.key)),
    switchFlag('all', 'Show the log from the beginning.'),
    switchFlag('follow', 'Print new entries until the task ends or Ctrl-C.'),
  ],
  positional: [{ key: 'task', required: true }],
  json: 'JSON Lines, one log entry per line',
  reads: true,
  follows: true,
  run: showLog,
};

async function showLog(call: Invocation): Promise<ExitCode> {
  const { task: reference, filter, type, level, tail } = call.values;
  // JSON output includes every level; text output shows debug entries on request only.
  const least = level ?? (call.json ? undefined : 'info');
  const choice = { filter, type, level: least, ...sinceOf(call) } as LogChoice;
  // Before the folder is opened, which takes time in a large one.
  parseInput(taskLogs.input, { task: reference, tail, ...choice });
  const host = await call.host();
  const { out } = call;
  const print = (entries: readonly TaskLogEntry[]): void => {
    for (const entry of entries) {
      if (call.json) out.jsonLine(entry);
      else out.print(logLine(entry, out.style, out.now()));
    }
  };
  const task = await fullId(String(reference), host.store);
  const read = (part: { tail?: number; after?: number; limit?: number }): ReturnType<typeof taskLogs.run> =>
    runOperation(taskLogs, host, { task, ...choice, ...part });
  let next: number;
  if (call.values.all === true) {
    next = 0;
    for (let moved = true; moved; ) {
      const page = await read({ after: next, limit: PAGE });
      print(page.entries);
      moved = page.next !== next;
      next = page.next;
    }
  } else {
    const page = await read(tail === undefined ? {} : { tail: tail as number });
    if (page.earlier && tail === undefined && !call.json) out.note(out.noteStyle('dim', 'Earlier lines: --all'));
    print(page.entries);
    // An empty screen would not distinguish an empty log from a filter without a match.
    if (page.entries.length === 0 && !call.json) out.note(out.noteStyle('dim', nothingWords(choice)));
    next = page.next;
  }
  if (call.values.follow !== true) return exitCodes.done;
  const matches = compileLogChoice(choice);
  const end = await followTasks(host, [host.store.resolve(task)], {
    over: hasEnded,
    listener: { changed() {}, deleted() {}, logged: (_, entries) => print(entries.filter(matches)) },
    signal: call.interrupted(),
    logFrom: () => next,
  });
  return end === 'interrupted' ? exitCodes.interrupted : exitCodes.done;
}

function nothingWords({ filter, type, level, since }: LogChoice): string {
  const chosen = filter !== undefined || type !== undefined || since !== undefined;
  return chosen || (level !== undefined && level !== 'info')
    ? 'No line of the log is of that kind.'
    : 'Nothing is logged.';
}

function sinceOf(call: Invocation): { since?: string } {
  const { since } = call.values;
  if (typeof since !== 'string') return {};
  const moment = parseSince(since, call.out.now());
  if (moment !== undefined) return { since: moment.toISOString() };
  throw new TaskError('InvalidInput', `--since takes a span such as 10m or 2h, or a date, not "${since}".`);
}
