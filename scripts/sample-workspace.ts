import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onPath } from './apt.ts';
import { must, root, run, say, Unavailable } from './process.ts';
import { commits } from './sample/files.ts';
import { tasks } from './sample/tasks.ts';

/**
 * Makes the sample workspace in a folder: a small git repository, with tasks ready to run.
 * What is there already is left alone, so a person's changes to it survive the next start.
 */
export async function makeSampleWorkspace(folder: string): Promise<void> {
  await makeRepository(folder);
  await createTasks(folder);
}

/** The repository alone, without tasks: what tests start from. */
export async function makeRepository(folder: string): Promise<void> {
  if (existsSync(path.join(folder, '.git'))) return;
  if (onPath('git') === undefined) throw new Unavailable('git is needed to make the sample workspace. Install git.');
  // Built beside and renamed: an interrupted start must not leave half a history that looks complete.
  const building = `${folder}.building-${process.pid}`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { recursive: true });
  await git(building, ['init', '--quiet', '--initial-branch=main']);
  for (const [day, commit] of commits.entries()) {
    for (const [name, content] of Object.entries(commit.files)) {
      const file = path.join(building, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    await git(building, ['add', '--all']);
    await git(building, ['commit', '--quiet', '--message', commit.message], `2025-03-0${day + 1}T09:00:00Z`);
  }
  await rename(building, folder);
}

async function createTasks(folder: string): Promise<void> {
  const listed = await must(process.execPath, [cli, 'task', 'list', '--json', '-C', folder], { output: 'hide' });
  const { total } = JSON.parse(listed) as { total: number };
  if (total > 0) return;
  say(`Creating ${tasks.length} sample tasks…`);
  for (const task of tasks) {
    const args = ['--description', task.description, '--instructions', task.instructions, '--assigned-to', 'SHELL'];
    args.push('--priority', task.priority, '--label', task.label, '-C', folder);
    if (task.isolation !== undefined) args.push('--isolation', task.isolation);
    if (task.requiresApproval === true) args.push('--requires-approval');
    await must(process.execPath, [cli, 'task', 'create', task.title, ...args], { output: 'hide' });
  }
}

const cli = path.join(root, 'dist', 'cli.cjs');

async function git(cwd: string, args: readonly string[], date?: string): Promise<void> {
  // The person's own git settings (signing, hooks, templates) have no say in a generated history.
  const identity = ['-c', 'user.name=Sample', '-c', 'user.email=sample@example.com', '-c', 'commit.gpgsign=false'];
  const dates = date === undefined ? {} : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const env = { ...process.env, ...dates, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const { code, output } = await run('git', [...identity, ...args], { cwd, env, output: 'hide' });
  if (code !== 0) throw new Error(`git ${args[0]} failed: ${output.trim()}`);
}
