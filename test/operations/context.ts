import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { z } from 'zod';
import type { AgentCatalog, AgentInfo } from '../../src/core/agent/catalog.ts';
import { type ErrorCode, TaskError } from '../../src/core/errors.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { shellStep } from '../../src/core/next-step.ts';
import type { ApprovalDetail } from '../../src/core/task/approval.ts';
import { requestApproval } from '../../src/core/task/request.ts';
import { claim, endTurn } from '../../src/core/task/run.ts';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import type { OperationContext } from '../../src/operations/context.ts';
import { type Operation, runOperation } from '../../src/operations/operation.ts';
import type { Settings } from '../../src/runtime/settings/settings.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder, until } from '../support/temp-folder.ts';

/** A store on disk, agents of which some are not installed, and a worker of which only the calls are counted. */
export interface Bench extends OperationContext {
  readonly store: TaskStore;
  /** How often a worker was asked for. */
  readonly ensured: () => number;
  /** Runs an operation and holds what it gives against its own output schema. */
  run<I extends z.ZodObject, O extends z.ZodType>(operation: Operation<I, O>, input: z.input<I>): Promise<z.output<O>>;
  /** Runs what must be refused and gives the refusal. */
  refused<I extends z.ZodObject, O extends z.ZodType>(
    operation: Operation<I, O>,
    input: z.input<I>,
    code: ErrorCode,
  ): Promise<TaskError>;
}

export interface BenchOptions {
  readonly actor?: string;
  readonly trusted?: boolean;
  readonly settings?: Partial<Settings>;
  /** What is in the files when they are read again. */
  readonly reads?: () => Partial<Settings>;
}

export async function bench(context: TestContext, options: BenchOptions = {}): Promise<Bench> {
  const actor = options.actor ?? 'Ada <ada@example.com>';
  const store = await TaskStore.open({ folder: tempFolder(context), watch: false, actor });
  context.after(() => store.close());
  let ensured = 0;
  const operations: OperationContext = {
    store,
    agents: catalog(),
    worker: {
      async ensure() {
        ensured += 1;
      },
    },
    actor,
    logger: silentLogger,
    settings: { agents: {}, worker: {}, unconfirmed: [], problems: [], ...options.settings },
    confirmAgents: async () => {},
    readSettings: async () => {
      Object.assign(operations, { settings: { ...operations.settings, ...options.reads?.() } });
    },
    confirmTasks: async () => {},
    requireConfirmedTasks: async () => {},
    trusted: () => options.trusted !== false,
  };
  return {
    ...operations,
    ensured: () => ensured,
    async run(operation, input) {
      const output = await runOperation(operation, operations, input);
      return operation.output.parse(output);
    },
    async refused(operation, input, code) {
      try {
        await runOperation(operation, operations, input);
      } catch (error) {
        assert.ok(TaskError.is(error), String(error));
        assert.equal(error.code, code, error.message);
        return error;
      }
      assert.fail(`${operation.name} was not refused`);
    },
  };
}

const acp = { kind: 'acp', capabilities: { asks: true, follow_ups: true, tool_limits: true } } as const;
const shell = { kind: 'shell', capabilities: { asks: false, follow_ups: false, tool_limits: false } } as const;

export const infos: readonly AgentInfo[] = [
  { ...acp, name: 'CLAUDECODE', title: 'Claude Code', available: false, install: 'npm install -g claude' },
  { ...acp, name: 'OPENCODE', title: 'OpenCode', available: true, path: '/usr/bin/opencode', version: '1.2.3' },
  { ...shell, name: 'SHELL', title: 'Shell script', available: true, path: '/bin/sh' },
];

function catalog(): AgentCatalog {
  return {
    names: infos.map(({ name }) => name),
    list: async () => [...infos],
    unavailable(name) {
      const found = infos.find((info) => info.name === name);
      if (found === undefined) return new TaskError('AgentNotFound', `There is no agent "${name}".`);
      if (found.available) return undefined;
      const next = [shellStep('Install it', `${found.install}`)];
      return new TaskError('AgentUnavailable', `${name} is not installed.`, { next });
    },
    get(name) {
      const error = this.unavailable(name);
      if (error !== undefined) throw error;
      return { name, open: () => Promise.reject(new Error('not in this test')) };
    },
    countsCost: () => undefined,
    spent: async () => undefined,
    endLeftBehind: async () => 0,
  };
}

/** Puts a task into the hands of a worker, as one would take it. */
export async function taken(store: TaskStore, reference: string): Promise<TaskRecord> {
  return store.transact('test.claim', (draft) => {
    const task = draft.require(reference);
    const expires = new Date(Date.parse(draft.at) + 45_000).toISOString();
    const lease = { worker: 'w1', host: 'here', pid: process.pid, started: '1', expires_at: expires };
    const execution = { id: 'e1', agent: task.tool, worker: 'w1', started_at: draft.at };
    return draft.patch(task.id, claim(task, lease, execution, draft.at));
  });
}

/** Ends the turn of a task that was taken, and keeps its session open. */
export async function turnEnded(store: TaskStore, reference: string): Promise<TaskRecord> {
  return store.transact('test.turn', (draft) => {
    const task = draft.require(reference);
    return draft.patch(
      task.id,
      endTurn(task, 'e1', { kind: 'completed', stopReason: 'end_turn', result: 'made it' }, true, draft.at),
    );
  });
}

/** Lets a task that was taken ask a person something. */
export async function asks(
  store: TaskStore,
  reference: string,
  title = 'Run "npm test"',
  detail?: ApprovalDetail,
): Promise<TaskRecord> {
  return store.transact('test.ask', (draft) => {
    const task = draft.require(reference);
    return draft.patch(
      task.id,
      requestApproval(task, { kind: 'tool', title, detail, executionId: 'e1' }, draft.at).patch,
    );
  });
}

/** Waits for a line in a task's log: lines of a change are written shortly after it. */
export async function logged(store: TaskStore, reference: string, line: RegExp): Promise<void> {
  await until(`the log says ${line}`, async () =>
    (await store.getTaskLogs(reference)).some((entry) => line.test(entry.message)),
  );
}
