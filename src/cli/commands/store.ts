import { TaskError } from '../../core/errors.ts';
import { silentLogger } from '../../core/logger.ts';
import { textStep } from '../../core/next-step.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { runOperation } from '../../operations/operation.ts';
import { status as statusOperation } from '../../operations/store/status.ts';
import { readQueue, writeQueue } from '../../runtime/queue/queue-state.ts';
import { storeAddress } from '../../runtime/settings/store-address.ts';
import type { JournaledRepository } from '../../store/engine/journaled-repository.ts';
import { moveStore } from '../../store/move.ts';
import { repositoryAt } from '../../store/repository-at.ts';
import type { Command, Invocation } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { textFlag } from '../flags.ts';
import { statusView } from '../views/status.ts';

const FILES = 'files';
const addressFlag = textFlag(
  'address',
  'postgres://user@host:5432/database?store=name, or env:NAME. The password comes from PGPASSWORD or ~/.pgpass.',
  'address',
);

export const init: Command = {
  details: `Creates the tables in the schema "systemprompt" of the database, or migrates them, and an empty store.
Needs PostgreSQL 13 or later.`,
  examples: [
    { words: 'store init postgres://ada@db.example.com/tasks?store=shop', description: 'create the store "shop"' },
  ],
  flags: [addressFlag],
  positional: [{ key: 'address', required: true }],
  json: '`{ place, created }`; `created` is false if the store exists already',
  reads: true,
  async run({ values, out, json }) {
    const url = databaseOf(String(values.address));
    const { PostgresRepository } = await import('../../store/postgres/postgres-repository.ts');
    const created = await PostgresRepository.create(url);
    const { coordination } = new PostgresRepository({ url, watch: false });
    const place = sanitizeLine(coordination.place);
    if (json) out.json({ place, created });
    else {
      out.print(created ? `Created ${place}.` : `${upper(place)} exists already. Its tables are up to date.`);
      const setting = JSON.stringify({ store: { url: sanitizeLine(String(values.address)) } });
      out.print(`Use it once with --store, or always by this setting in .systemprompt/config.json:\n  ${setting}`);
      out.print('Move the tasks of a folder into it:\n  systemprompt store migrate --to ADDRESS');
    }
    return exitCodes.done;
  },
};

export const status: Command = {
  examples: [{ words: 'store status', description: 'show the place of the tasks, and the workers' }],
  flags: [],
  positional: [],
  json: '`{ place, shared, status }`, with the output of `status`',
  reads: true,
  async run({ host: open, out, json }) {
    const host = await open();
    const { place, isShared } = host.store.coordination;
    const state = await runOperation(statusOperation, host, {});
    if (json) out.json({ place, shared: isShared, status: state });
    else out.print(`Tasks are in ${sanitizeLine(place)}.\n${statusView(state, out)}`);
    return exitCodes.done;
  },
};

export const migrate: Command = {
  details: `Copies all tasks with their logs, the archive and the state of the queue. Ids and numbers stay the same.
The target must be empty, and no task may be running. The source stays as it is; stop using it afterwards.`,
  examples: [
    { words: 'store migrate --to env:TASKS_DB', description: 'copy the tasks of this folder into a database' },
    { words: 'store migrate --from env:TASKS_DB --to files', description: 'copy them back into files' },
  ],
  flags: [
    textFlag('from', 'The source: files, or the address of a database. Default: files.', 'address'),
    textFlag('to', 'The target: files, or the address of a database.', 'address'),
  ],
  positional: [],
  json: '`{ from, to, tasks, archived, log_entries }`',
  reads: true,
  run: move,
};

async function move({ values, folder, out, json }: Invocation): Promise<ExitCode> {
  if (typeof values.to !== 'string') {
    throw new TaskError('InvalidInput', 'Say where the tasks go.', {
      next: [textStep('Add --to files, or --to with an address.')],
    });
  }
  const [source, target] = [String(values.from ?? FILES), values.to];
  if (source === target) throw new TaskError('InvalidInput', 'The source and the target are the same.');
  const from = await opened(source, folder);
  const to = await opened(target, folder).catch(async (error) => {
    await from.close();
    throw error;
  });
  try {
    const moved = await moveStore(from, to);
    // A paused queue needs no state, and writing it would create files.
    const queue = await readQueue(from.coordination);
    if (queue.since !== undefined) await writeQueue(to.coordination, queue);
    const places = { from: from.coordination.place, to: to.coordination.place };
    if (json) out.json({ ...places, tasks: moved.tasks, archived: moved.archived, log_entries: moved.logEntries });
    else {
      const archived = moved.archived === 0 ? '' : ` and ${moved.archived} archived`;
      const tasks = moved.tasks === 1 ? '1 task' : `${moved.tasks} tasks`;
      const entries = moved.logEntries === 1 ? '1 log entry' : `${moved.logEntries} log entries`;
      out.print(`Copied ${tasks}${archived} with ${entries} to ${sanitizeLine(places.to)}.`);
      out.print(`Nothing changed in ${sanitizeLine(places.from)}. Stop using the tasks there.`);
    }
    return exitCodes.done;
  } finally {
    await from.close();
    await to.close();
  }
}

async function opened(address: string, folder: string): Promise<JournaledRepository> {
  const repository = await repositoryAt(storeAddress(address, undefined), {
    folder,
    logger: silentLogger,
    watch: false,
  });
  await repository.open({ changed() {}, logged() {} });
  return repository;
}

/** @throws TaskError `InvalidInput` for `files` */
function databaseOf(address: string): string {
  const url = storeAddress(address, undefined);
  if (url !== undefined) return url;
  throw new TaskError('InvalidInput', 'This needs the address of a database.', {
    next: [textStep('Write it as postgres://user@host:5432/database?store=name.')],
  });
}

function upper(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
