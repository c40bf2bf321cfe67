/**
 * One of a few clients that archive, bring back and log, as a process of its own, with logs that are cut into parts and
 * compressed all the time. Writes a line for each thing that was acknowledged.
 */
import { writeSync } from 'node:fs';
import { TaskError } from '../../src/core/errors.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { transition } from '../../src/core/task/lifecycle.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';

const [folder = '', name = ''] = process.argv.slice(2);
const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const any = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)];

// A part is compressed when it was left alone for as long as in the product.
const logLimits = { partBytes: 400, capBytes: 1_000, maxBytes: 1_000_000_000, settleMs: 2_000 };
const repository = new FileRepository({ folder, logger: silentLogger, watch: true, compactAt: 20_000, logLimits });
const store = await TaskStore.open({ folder, repository });
say({ ready: true });
for (let i = 0; ; i += 1) {
  try {
    await act(i);
  } catch (error) {
    // Another client archived it, brought it back or ended it first.
    if (!TaskError.is(error, 'TaskNotFound', 'IllegalTransition', 'InvalidInput')) throw error;
  }
}

async function act(i: number): Promise<void> {
  const tasks = [...store.view.all()];
  const task = any(tasks);
  const kind = Math.random();
  if (task === undefined || (kind < 0.1 && tasks.length < 30)) {
    const { id, number } = await store.createTask({ title: `${name}/${i}` });
    say({ created: id, number });
  } else if (kind < 0.7) {
    const lines = Array.from({ length: 3 }, (_, each) => `${name}/${i}/${each}`);
    for (const line of lines) await store.addLog(task.id, line);
    say({ logged: task.id, lines });
  } else if (kind < 0.85) {
    await store.transact('end', (draft) => {
      const current = draft.require(task.id);
      if (current.status === 'pending') {
        draft.patch(current.id, transition(current, 'cancelled', { at: draft.at, reason: name }));
      }
    });
    await store.archive.add([task.id]);
    say({ archived: task.id });
  } else {
    const archived = any(await store.archive.names());
    if (archived === undefined) return;
    await store.archive.restore([archived.id]);
    say({ restored: archived.id });
  }
}
