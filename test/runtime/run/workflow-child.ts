import { createAgentCatalog } from '../../../src/agents/catalog.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import { Worker } from '../../../src/runtime/schedule/worker.ts';
import { TaskStore } from '../../../src/store/task-store.ts';

/** A worker that dies at the moment when it is about to commit the named transaction. */
const [folder = '', fatal = ''] = process.argv.slice(2);
const store = await TaskStore.open({ folder });
const transact = store.transact.bind(store);
store.transact = (name, mutation) => {
  if (name === fatal) process.kill(process.pid, 'SIGKILL');
  return transact(name, mutation);
};
const agents = createAgentCatalog({ folder });
const worker = new Worker({ store, agents, logger: silentLogger, mode: 'foreground' });
await worker.start();
await worker.ended;
