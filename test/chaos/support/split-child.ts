import { arm, disarm } from './deadly-disk.ts';

/** Splits a task into parts, and is killed at a change of a file. Prints the number of those changes. */
const [folder = '', task = ''] = process.argv.slice(2);
// Loaded after the calls were replaced.
const { openHost } = await import('../../../src/host.ts');
const { runOperation } = await import('../../../src/operations/operation.ts');
const { taskSplit } = await import('../../../src/operations/teamwork/split.ts');
const host = await openHost({ folder, actor: 'Ada <ada@example.com>', watch: false });
arm();
await runOperation(taskSplit, host, { task, numSubtasks: 3 });
await host.close();
console.log(disarm());
