import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { must, root, run } from '../../scripts/process.ts';
import { tempFolder } from '../support/temp-folder.ts';

// A program of somebody else: the package as npm makes it, unpacked in a folder that has nothing of this project.

/** The usage examples of the specification, a schema and an operation, as a strict compiler sees them. */
const program = `
import { TaskStore, createTaskSchema, openHost, operations, TaskError } from 'systemprompt-tasks';
import type { ExtensionApi, Task, TaskFilter, TaskLogEntry, TaskStatus, UpdateTaskParams } from 'systemprompt-tasks';

const agentSession = { id: 'session_42' };
const taskStore = TaskStore.getInstance();

// Create task
const task = await taskStore.createTask({
  description: 'Implement user authentication',
  tool: 'CLAUDECODE',
  instructions: 'Add JWT-based auth with login/logout',
});
const taskId: string = task.id;

// Update when agent starts
await taskStore.updateTask(task.id, {
  status: 'in_progress',
  started_at: new Date().toISOString(),
  assigned_to: agentSession.id,
});

// Log progress
await taskStore.addLog(task.id, 'Created auth middleware', 'info', { fileName: 'auth.js' });

// Listen for updates
taskStore.on('task:updated', ({ task }) => {
  console.log(\`Task \${task.id}: \${task.status}\`);
});

// Query active tasks
const active = await taskStore.getTasks({ status: ['in_progress', 'completed_active'] });

// Complete task
await taskStore.completeTask(task.id, { filesCreated: ['auth.js', 'auth.test.js'], testsPass: true });

// Get task with full details
const full = await taskStore.getTask(taskId);
if (full === null) throw new Error('it is gone');
console.log(\`Logs: \${full.logs.length}\`);
console.log(\`Duration: \${full.duration}ms\`);

const filter: TaskFilter = { status: ['pending', 'in_progress'], tool: 'CLAUDECODE', createdAfter: '2024-01-01' };
const listed: readonly { id: string; status: TaskStatus }[] = await taskStore.getTasks(filter);
const updates: UpdateTaskParams = { progress: 50 };
const entries: readonly TaskLogEntry[] = (full satisfies Task).logs;
const averageDuration: number = (await taskStore.getMetrics()).averageDuration;
const title: string | undefined = createTaskSchema.parse({ description: 'x', tool: 'SHELL' }).title;
console.log(active.length, listed.length, entries.length, updates.progress, averageDuration >= 0, title);
await taskStore.close();

const host = await openHost({ folder: '.' });
try {
  const made = await operations['task.create'].run(host, { title: '' });
  console.log(made.number.toFixed(), operations['task.delete'].destructive);
} catch (error) {
  if (error instanceof TaskError) console.log(error.code);
}
await host.close();

// What another extension gets of the running one
export async function inTheEditor(activate: () => Promise<ExtensionApi>, uri: { fsPath: string }): Promise<number> {
  const { getStore, getContext, operations } = await activate();
  await operations['task.list'].run(await getContext(uri), {});
  return (await (await getStore(uri)).getAllTasks()).length;
}
`;

/** Each line after `@ts-expect-error` must not compile, and all others must. */
const misuse = `
import { agentName, operations, openHost, ResourceConstraints, TaskManager, TaskStore } from 'systemprompt-tasks';
import type { AITool, CreateTaskParams, LogLevel, TaskId, TaskStats } from 'systemprompt-tasks';

declare module 'systemprompt-tasks' {
  interface Agents {
    MY_AGENT: true;
  }
}

const store = TaskStore.getInstance();
const task = await store.createTask({ description: 'x', tool: 'SHELL' });
// @ts-expect-error an unknown key
await store.createTask({ description: 'x', colour: 'red' });
// @ts-expect-error neither a title nor a description
await store.createTask({});
// @ts-expect-error a misspelled agent
await store.createTask({ title: 'x', tool: 'CLAUDECOD' });
// @ts-expect-error a misspelled limit
await store.createTask({ title: 'x', constraints: { max_tokns: 5 } });
await store.createTask({ title: 'x', tool: 'MY_AGENT' });
await store.createTask({ title: 'x', tool: agentName(task.tool), constraints: { max_tokens: 5 } });
// @ts-expect-error a text
const count: number = task.title;
// @ts-expect-error a misspelled field
console.log(task.pirority);
// @ts-expect-error a misspelled field of an execution
console.log(task.executions[0]?.outcom);
// @ts-expect-error a misspelled field of an entry
console.log(task.logs[0]?.mesage);
console.log(task.metadata['anything'], task.logs[0]?.metadata?.['anything']);
// @ts-expect-error a misspelled update
await store.updateTask(task.id, { pirority: 'high' });
// @ts-expect-error a misspelled agent
await store.updateTask(task.id, { tool: 'CLAUDECOD' });
// @ts-expect-error an unknown status
await store.getTasks({ status: 'done' });
// @ts-expect-error an unknown event
store.on('task:gone', () => {});
// @ts-expect-error an unknown level
await store.addLog(task.id, 'x', 'fatal');
// @ts-expect-error a misspelled option
await store.getLogs(task.id, { limt: 5 });
// @ts-expect-error a misspelled limit
console.log(new ResourceConstraints({ max_tokens: 5 }));
const tm = new TaskManager();
// @ts-expect-error no title
await tm.createTask({});
const host = await openHost({ folder: '.' });
// @ts-expect-error a misspelled field of an output
console.log((await operations['task.show'].run(host, { task: 1 })).pirority);
const names: [AITool, LogLevel, TaskId, TaskStats['total'], CreateTaskParams] = ['CODEX', 'info', task.id, 1, { title: 'x' }];
export { count, names };
`;

describe('the npm package', () => {
  const to = tempFolder({ after });
  let tarball: string;
  let packed: readonly string[];

  before(async () => {
    await must(process.execPath, ['scripts/declarations.ts']);
    const options = ['pack', '--json', '--ignore-scripts', '--pack-destination', to];
    // Standard output alone: npm says what it likes on the other one, before and after.
    const { stdout } = await promisify(execFile)('npm', options, { cwd: root });
    const [made] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    tarball = path.join(to, made.filename);
    packed = made.files.map((file) => file.path);
  });

  test('contains only the library, the command line and the types', () => {
    const kinds =
      /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/((index|chunks\/[\w-]+)\.js|(cli|chunks\/[\w-]+)\.cjs)|dist\/types\/.+\.d\.ts)$/;
    assert.deepEqual(
      packed.filter((name) => !kinds.test(name)),
      [],
    );
    for (const name of ['dist/index.js', 'dist/cli.cjs', 'dist/types/index.d.ts'])
      assert.ok(packed.includes(name), name);
  });

  for (const [module, moduleResolution] of [
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ] as const) {
    test(`has types that compile in strict mode with ${moduleResolution} resolution`, async (context) => {
      const folder = await consumer(context, tarball, { module, moduleResolution });
      const { code, output } = await run(tsc, ['-p', folder], { output: 'hide' });
      assert.equal(code, 0, output);
    });
  }

  test('has types without any: wrong use does not compile', async (context) => {
    const folder = await consumer(context, tarball, { module: 'node16', moduleResolution: 'node16' });
    writeFileSync(path.join(folder, 'program.ts'), misuse);
    const { code, output } = await run(tsc, ['-p', folder], { output: 'hide' });
    assert.equal(code, 0, output);
  });

  test('runs the code that was compiled against its types', async (context) => {
    const folder = await consumer(context, tarball, { module: 'node16', moduleResolution: 'node16' });
    const said = await must(process.execPath, ['program.ts'], { cwd: folder, output: 'hide' });
    assert.match(said, /^Task task_[\w-]+: completed$/m);
    assert.match(said, /^Logs: \d+$/m);
    assert.match(said, /^InvalidInput$/m);
  });
});

const tsc = path.join(root, 'node_modules', '.bin', 'tsc');

/** A folder with the program and the package, and what the package depends on for its types: zod, and nothing of Node. */
async function consumer(
  context: TestContext,
  tarball: string,
  options: { readonly module: string; readonly moduleResolution: string },
): Promise<string> {
  const folder = tempFolder(context);
  const installed = path.join(folder, 'node_modules', 'systemprompt-tasks');
  mkdirSync(installed, { recursive: true });
  await must('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1']);
  const { dependencies } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies).filter((dependency) => dependency === 'zod')) {
    symlinkSync(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name));
  }
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(folder, 'program.ts'), program);
  const compilerOptions = {
    ...options,
    target: 'es2024',
    // The browser's library for `console` alone: the types of Node are the program's own choice.
    lib: ['es2024', 'esnext.disposable', 'dom'],
    types: [],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  return folder;
}
