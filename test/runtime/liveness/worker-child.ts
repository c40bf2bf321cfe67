import { join } from 'node:path';
import { createAgentCatalog } from '../../../src/agents/catalog.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import { recoverInterrupted } from '../../../src/runtime/recovery/interrupted.ts';
import { Worker } from '../../../src/runtime/schedule/worker.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { fakeAgentPath } from '../../support/fake-agent.ts';

/** A worker in a process of its own, or a process that looks for interrupted tasks once and prints their numbers. */
const [folder = '', what = ''] = process.argv.slice(2);
const store = await TaskStore.open({ folder, watch: what === 'work' });
const waiting = { command: process.execPath, args: [fakeAgentPath('waiting'), join(folder, 'go')] };
const agents = createAgentCatalog({ folder, agents: { waiting } });
if (what === 'work') {
  const worker = new Worker({ store, agents, logger: silentLogger, mode: 'foreground', maxParallel: 4 });
  process.once('SIGTERM', () => void worker.stop());
  await worker.start();
  await worker.ended;
} else {
  const recovered = await recoverInterrupted(store, agents, silentLogger);
  process.stdout.write(recovered.map(({ number }) => `#${number}\n`).join(''));
}
await store.close();
