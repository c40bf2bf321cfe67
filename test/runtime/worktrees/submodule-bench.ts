import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { Worktrees } from '../../../src/runtime/run/worktrees.ts';
import type { WorktreeContext } from '../../../src/runtime/worktrees/review.ts';
import { shareResults } from '../../../src/runtime/worktrees/shared-results.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type TestRepository, testRepository } from './repository.ts';
import { type Shared, shared } from './shared-bench.ts';

export const FIRST = 'refs/systemprompt/results/1';
export const DAY_MS = 24 * 60 * 60_000;
const allowed = ['-c', 'protocol.file.allow=always'];
export const author = ['-c', 'user.name=Agent', '-c', 'user.email=agent@example.com'];

interface Bench extends Shared {
  /** The remotes of the submodule "lib", and of its own submodule "inner". */
  readonly lib: TestRepository;
  readonly inner: TestRepository;
}

/** A repository with the submodule "lib", which has the submodule "inner". */
export async function bench(context: TestContext): Promise<Bench> {
  const base = await shared(context);
  const inner = published(context, { 'inner.txt': 'i\n' });
  const lib = published(context, { 'lib.txt': 'l\n' }, (checkout) => {
    checkout.git(...allowed, 'submodule', '--quiet', 'add', `file://${inner.folder}`, 'inner');
  });
  base.repository.git(...allowed, 'submodule', '--quiet', 'add', `file://${lib.folder}`, 'lib');
  base.repository.git(...allowed, 'submodule', '--quiet', 'update', '--init', '--recursive');
  base.repository.commit({}, 'submodules');
  base.repository.git('push', '--quiet', 'origin', 'main');
  return { ...base, lib, inner };
}

/** A bare repository with these files. */
function published(
  context: TestContext,
  files: Readonly<Record<string, string>>,
  more: (checkout: TestRepository) => void = () => {},
): TestRepository {
  const bare = testRepository(tempFolder(context), false);
  bare.git('init', '--quiet', '--bare', '--initial-branch=main');
  const checkout = testRepository(tempFolder(context));
  more(checkout);
  checkout.commit(files);
  checkout.git('push', '--quiet', bare.folder, 'main');
  return bare;
}

/** The same store on another machine, with its own clone of everything. */
export async function machine(
  context: TestContext,
  { remote, ...base }: Bench,
): Promise<WorktreeContext & { readonly checkout: TestRepository; readonly worktrees: Worktrees }> {
  const checkout = testRepository(tempFolder(context), false);
  checkout.git(...allowed, 'clone', '--quiet', '--recurse-submodules', `file://${remote.folder}`, '.');
  checkout.git('config', 'user.name', 'Grace');
  checkout.git('config', 'user.email', 'grace@example.com');
  const tools: WorktreeContext = {
    logger: base.logger,
    settings: {},
    store: Object.create(base.store, { folder: { value: checkout.folder } }),
  };
  return { ...tools, checkout, worktrees: new Worktrees(tools) };
}

/** Commits of an agent in submodules of a worktree, the innermost first. */
export const commitIn =
  (git: TestRepository['git'], files: Readonly<Record<string, string>>) =>
  (cwd: string): void => {
    const folders = new Set<string>();
    for (const [path, text] of Object.entries(files)) {
      writeFileSync(join(cwd, path), text);
      const parts = path.split('/').slice(0, -1);
      for (let at = parts.length; at > 0; at -= 1) folders.add(parts.slice(0, at).join('/'));
    }
    for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
      git('-C', join(cwd, folder), 'add', '--all');
      git('-C', join(cwd, folder), ...author, 'commit', '--quiet', '--message', 'by the agent');
    }
  };

export const work = (base: Bench, files: Readonly<Record<string, string>>, title = 'Do it'): Promise<TaskRecord> =>
  base.done({}, { title }, commitIn(base.repository.git, files));

export const resultRefs = (remote: TestRepository): string[] =>
  remote
    .git('for-each-ref', '--format=%(refname)', 'refs/systemprompt')
    .split('\n')
    .filter((ref) => ref !== '');

export async function messages({ store }: Bench, task: TaskRecord): Promise<string> {
  return (await store.getLogs(task.id)).entries.map(({ message }) => message).join('\n');
}

export const share = async (base: WorktreeContext): Promise<unknown[]> => {
  const failures: unknown[] = [];
  await shareResults(base, (_task, error) => failures.push(error));
  return failures;
};

export const ended = (base: Bench, task: TaskRecord, days: number): Promise<unknown> =>
  base.store.transact('test.merged', (draft) => {
    const { workspace } = draft.require(task.id);
    const at = new Date(Date.now() - days * DAY_MS).toISOString();
    if (workspace !== undefined) draft.patch(task.id, { workspace: { ...workspace, merged_at: at } });
  });
