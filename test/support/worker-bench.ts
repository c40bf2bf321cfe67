import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createAgentCatalog } from '../../src/agents/catalog.ts';
import type { AgentCatalog } from '../../src/core/agent/catalog.ts';
import { silentLogger } from '../../src/core/logger.ts';
import type { CreateTaskParams } from '../../src/core/task/create.ts';
import { decideApproval, findApproval } from '../../src/core/task/decide.ts';
import type { Task, TaskRecord, TaskStatus } from '../../src/core/task/schema.ts';
import { cancel, complete, followUp } from '../../src/core/task/session.ts';
import { requestStart, restart } from '../../src/core/task/start.ts';
import { Worker } from '../../src/runtime/schedule/worker.ts';
import type { WorkerOptions } from '../../src/runtime/schedule/worker-options.ts';
import { LiveSettings } from '../../src/runtime/settings/live-settings.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { fakeAgentPath } from './fake-agent.ts';
import { tempFolder, until } from './temp-folder.ts';

/** A store in a new folder with a worker in this process; the fake agents are configured under their file's name. */
export interface WorkerBench {
  readonly folder: string;
  readonly store: TaskStore;
  readonly agents: AgentCatalog;
  readonly worker: Worker;
  run(params: CreateTaskParams): Promise<TaskRecord>;
  start(id: string): Promise<void>;
  restart(id: string): Promise<void>;
  cancel(id: string): Promise<void>;
  complete(id: string): Promise<void>;
  followUp(id: string, prompt: string): Promise<void>;
  decide(id: string, approve: boolean, request?: number, scope?: 'once' | 'task', notes?: string): Promise<void>;
  answer(id: string, words: string): Promise<void>;
  reaches(id: string, ...statuses: TaskStatus[]): Promise<Task>;
}

const fakes = [
  'polite',
  'silent',
  'crashing',
  'crashing-once',
  'asking-twice',
  'garbage',
  'stubborn',
  'flooding',
  'spending',
  'curious',
  'budgeted',
  'tool-user',
  'sulking',
  'failing',
  'teammate',
  'assisted',
  'proposing',
];

/** The environment of a machine whose settings are in the folder itself, apart from those of the real one. */
export function machineOf(folder: string): { XDG_CONFIG_HOME: string } {
  return { XDG_CONFIG_HOME: join(folder, 'machine') };
}

export async function workerBench(
  context: TestContext,
  { folder = tempFolder(context), ...options }: Partial<WorkerOptions> & { folder?: string } = {},
): Promise<WorkerBench> {
  const store = await TaskStore.open({ folder });
  const configured = Object.fromEntries(
    fakes.map((name) => [name, { command: process.execPath, args: [fakeAgentPath(name)] }]),
  );
  const totals = { command: process.execPath, args: [fakeAgentPath('budgeted')], tokens: 'session' as const };
  // A call of 90 and 10 tokens costs $0.01.
  const priced = { ...totals, tokens: 'turn' as const, prices: { '*': { input: 100, output: 100 } } };
  const agents = createAgentCatalog({
    folder,
    agents: { ...configured, 'budgeted-session': totals, 'budgeted-priced': priced },
  });
  const logger = options.logger ?? silentLogger;
  const live = new LiveSettings({ folder, logger, env: machineOf(folder), given: options.settings });
  const worker = new Worker({
    store,
    agents,
    live,
    logger: silentLogger,
    mode: 'embedded',
    maxParallel: 4,
    ...options,
  });
  await worker.start();
  context.after(async () => {
    await worker.stop();
    await store.close();
  });
  const change = async (id: string, action: (task: TaskRecord, at: string) => object): Promise<void> => {
    await store.transact('test', (draft) => draft.patch(id, action(draft.require(id), draft.at)));
  };
  return {
    folder,
    store,
    agents,
    worker,
    run: async (params) => {
      const { id } = await store.createTask({ tool: 'SHELL', ...params });
      await change(id, requestStart);
      return store.resolve(id);
    },
    start: (id) => change(id, requestStart),
    restart: (id) => change(id, restart),
    cancel: (id) => change(id, (task, at) => cancel(task, at)),
    complete: (id) => change(id, (task, at) => complete(task, at)),
    followUp: (id, prompt) => change(id, (task, at) => followUp(task, prompt, at)),
    decide: (id, approve, request, scope, notes) =>
      change(id, (task, at) =>
        decideApproval(task, findApproval(task, request), { approve, by: 'me', scope, notes }, at),
      ),
    answer: (id, notes) =>
      change(id, (task, at) =>
        decideApproval(task, findApproval(task, undefined), { approve: true, by: 'me', notes }, at),
      ),
    reaches: async (id, ...statuses) => {
      await until(`the task is ${statuses.join(' or ')}`, () => statuses.includes(store.resolve(id).status)).catch(
        (error) => {
          throw new Error(`${error.message} It is ${store.resolve(id).status}: ${store.resolve(id).error ?? ''}`);
        },
      );
      const task = await store.getTask(id);
      if (task === null) throw new Error('The task is gone.');
      return task;
    },
  };
}
