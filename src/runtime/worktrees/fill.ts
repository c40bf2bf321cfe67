import { stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { hideFromGit } from './hide.ts';
import { copyFolder, copyIncluded } from './include.ts';
import { linkFolder } from './link.ts';
import type { Repository } from './repository.ts';
import type { WorktreeContext } from './review.ts';
import { runSetup } from './setup.ts';
import { fetchSubmodules } from './submodule-fetch.ts';
import { initSubmodules } from './submodules.ts';

/** In the git folder of a worktree: it has everything that a task needs. */
const READY = 'systemprompt-ready';

/**
 * Adds to a worktree the content that git does not check out: linked and copied folders, files of `.worktreeinclude`,
 * submodules, and the result of the set-up command. The set-up command runs once per worktree.
 *
 * @throws TaskError `WorktreeUnavailable` if the set-up command fails
 */
export async function fillWorktree(
  context: WorktreeContext,
  repository: Repository,
  task: TaskRecord,
  folder: string,
): Promise<void> {
  const { store, settings } = context;
  const { link = [], copy = [], submodules = true, setup } = settings.worktrees ?? {};
  const worktree = repository.git.at(folder);
  const inside = join(folder, repository.prefix);
  const log = async (message: string, level: 'info' | 'warn' = 'info'): Promise<void> => {
    await store.addLog(task.id, message, level, { source: 'worktree' });
  };
  for (const path of link) await linkFolder(join(repository.folder, path), join(inside, path));
  const marker = await worktree.text(['rev-parse', '--git-path', READY]);
  const ready = isAbsolute(marker) ? marker : join(folder, marker);
  const isReady = await stat(ready).then(
    () => true,
    () => false,
  );
  if (!isReady) {
    for (const path of copy) await copyFolder(join(repository.folder, path), join(inside, path));
    const included = await copyIncluded(repository, folder);
    if (included > 0) await log(`Copied ${included} ${included === 1 ? 'file' : 'files'} of .worktreeinclude.`);
  }
  await hideFromGit(repository, folder, [...link, ...copy]);
  if (isReady) return;
  if (submodules) {
    await fetchSubmodules(context, repository, task, await worktree.text(['rev-parse', 'HEAD'])).catch((error) =>
      log(TaskError.from(error).message, 'warn'),
    );
    for (const empty of await initSubmodules(repository, folder)) await log(empty, 'warn');
  }
  if (setup !== undefined) await runSetup(store, task, { command: setup, cwd: inside });
  await writeFile(ready, '');
}
