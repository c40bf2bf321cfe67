import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { createAgentCatalog } from '../../../src/agents/catalog.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import type { CreateTaskParams } from '../../../src/core/task/create.ts';
import { claim, endTurn, release } from '../../../src/core/task/run.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { requestStart } from '../../../src/core/task/start.ts';
import type { OperationContext } from '../../../src/operations/context.ts';
import { Worktrees } from '../../../src/runtime/run/worktrees.ts';
import type { WorktreeContext } from '../../../src/runtime/worktrees/review.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type TestRepository, testRepository } from './repository.ts';

export interface WorktreeBench extends WorktreeContext {
  readonly repository: TestRepository;
  readonly worktrees: Worktrees;
  /** A completed task whose run left these files in its worktree, and then did something else there. */
  done(
    files: Readonly<Record<string, string>>,
    params?: CreateTaskParams,
    act?: (cwd: string) => void,
  ): Promise<TaskRecord>;
  folderOf(task: TaskRecord): string;
  now(task: TaskRecord): TaskRecord;
}

/** Worktrees without a worker: what a run does to them is called by the test. */
export async function worktreeBench(context: TestContext, folder = tempFolder(context)): Promise<WorktreeBench> {
  const repository = testRepository(folder);
  repository.commit({ 'a.txt': '1\n2\n3\n4\n5\n', 'b.txt': 'b\n', 'dir/c.txt': 'c\n' });
  const store = await TaskStore.open({ folder: repository.folder, watch: false });
  context.after(() => store.close());
  const tools: WorktreeContext = { store, settings: {}, logger: silentLogger };
  const worktrees = new Worktrees(tools);
  const lease = { worker: 'w', host: 'h', pid: 1, started: 'x', expires_at: '2999-01-01T00:00:00.000Z' };
  return {
    ...tools,
    repository,
    worktrees,
    async done(files, params = { title: 'Do it' }, act = () => {}) {
      const { id } = await store.createTask({ tool: 'SHELL', ...params });
      await store.transact('test.claim', (draft) => {
        draft.patch(id, requestStart(draft.require(id), draft.at));
        const execution = { id: 'e', agent: 'SHELL', worker: 'w', started_at: draft.at };
        draft.patch(id, claim(draft.require(id), lease, execution, draft.at));
      });
      const cwd = await worktrees.prepare(store.resolve(id));
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(cwd, path)), { recursive: true });
        writeFileSync(join(cwd, path), text);
      }
      act(cwd);
      await worktrees.keep(id);
      await store.transact('test.end', (draft) => {
        const outcome = { kind: 'completed', stopReason: 'exit' } as const;
        draft.patch(id, endTurn(draft.require(id), 'e', outcome, false, draft.at));
        draft.patch(id, release(draft.require(id), 'e', {}, draft.at));
      });
      await worktrees.settle(id);
      return store.resolve(id);
    },
    folderOf: (task) => join(repository.folder, task.workspace?.path ?? 'none'),
    now: (task) => store.resolve(task.id),
  };
}

/** The context of operations on the tasks of a bench; the parts that no operation on worktrees uses are missing. */
export function operationContext(bench: WorktreeBench, trusted = true): OperationContext {
  const agents = createAgentCatalog({ folder: bench.store.folder });
  const settings = { ...bench.settings, worker: {} };
  return { ...bench, settings, agents, trusted: () => trusted } as unknown as OperationContext;
}
