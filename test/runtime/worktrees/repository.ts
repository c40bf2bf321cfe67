import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A git repository for tests: what a person would do in it, in one line. */
export interface TestRepository {
  readonly folder: string;
  git(...args: string[]): string;
  write(path: string, text: string): void;
  /** Writes files and commits everything. */
  commit(files: Readonly<Record<string, string>>, message?: string): string;
}

export function testRepository(folder: string, init = true): TestRepository {
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  if (init) {
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'user.name', 'Ada');
    git('config', 'user.email', 'ada@example.com');
  }
  return {
    folder: realpathSync(folder),
    git,
    write,
    commit(files, message = 'a commit') {
      for (const [path, text] of Object.entries(files)) write(path, text);
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', message);
      return git('rev-parse', 'HEAD');
    },
  };
}
