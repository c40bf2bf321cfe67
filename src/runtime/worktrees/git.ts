import { execFile } from 'node:child_process';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';

export interface GitResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The person's hooks, monitors and signing have no say in what happens on its own; their filters and attributes do. */
const settings = [
  ['core.hooksPath', process.platform === 'win32' ? 'NUL' : '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.quotePath', 'false'],
  ['commit.gpgSign', 'false'],
  ['advice.addEmbeddedRepo', 'false'],
  ['gc.auto', '0'],
].flatMap(([key, value]) => ['-c', `${key}=${value}`]);

const MAX_OUTPUT = 512 * 1024 * 1024;

/** Runs git in one folder. Arguments are passed as they are, never through a shell. */
export class Git {
  readonly cwd: string;
  private readonly env: Readonly<Record<string, string>>;

  constructor(cwd: string, env: Readonly<Record<string, string>> = {}) {
    this.cwd = cwd;
    this.env = env;
  }

  at(cwd: string): Git {
    return new Git(cwd, this.env);
  }

  with(env: Readonly<Record<string, string>>): Git {
    return new Git(this.cwd, { ...this.env, ...env });
  }

  /** Runs git and gives what it said, whatever its exit code. Code 127 when there is no git. */
  try(args: readonly string[], input?: string): Promise<GitResult> {
    return new Promise((resolve) => {
      const options = { cwd: this.cwd, env: { ...environment(), ...this.env }, maxBuffer: MAX_OUTPUT };
      const child = execFile('git', [...settings, ...args], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
        resolve({ code, stdout, stderr: stderr || (error?.message ?? '') });
      });
      // Git may be gone before its input is written.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input ?? '');
    });
  }

  /**
   * What git printed, without the newline at its end.
   *
   * @throws TaskError `GitFailed` with what git said
   */
  async text(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.try(args, input);
    if (code === 0) return stdout.replace(/\n$/, '');
    const why = stderr.trim().split('\n').slice(0, 5).join(' ') || `exit code ${code}`;
    throw new TaskError('GitFailed', `git ${args[0]} failed: ${why}`, {
      next: [
        textStep(
          /\.lock/.test(why)
            ? 'Wait until the other git process ends. If there is none, remove the lock file, and try again.'
            : 'Fix what git reports, and try again. Nothing of the task is lost.',
        ),
      ],
    });
  }

  /** The commit that a name stands for; undefined when there is none. */
  async commit(name: string): Promise<string | undefined> {
    const { code, stdout } = await this.try([
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${name}^{commit}`,
    ]);
    return code === 0 ? stdout.trim() : undefined;
  }

  async isAncestor(commit: string, of: string): Promise<boolean> {
    return (await this.try(['merge-base', '--is-ancestor', commit, of])).code === 0;
  }

  tree(commit: string): Promise<string> {
    return this.text(['rev-parse', '--verify', '--quiet', `${commit}^{tree}`]);
  }

  /** The entries of an output with `-z`. */
  async list(args: readonly string[]): Promise<string[]> {
    return (await this.text(args)).split('\0').filter((entry) => entry !== '');
  }

  /** With a name to commit under, for a folder in which git knows none. */
  async asSomebody(): Promise<Git> {
    if ((await this.try(['var', 'GIT_COMMITTER_IDENT'])).code === 0) return this;
    const [name, email] = ['SystemPrompt Tasks', 'tasks@localhost'];
    return this.with({
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
    });
  }
}

/** Without what points git at another repository, as inside a hook; messages in one language; never a question. */
function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  const own = /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE|PREFIX|LITERAL_PATHSPECS)$/;
  for (const [key, value] of Object.entries(process.env)) if (!own.test(key)) env[key] = value;
  return { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_EDITOR: ':' };
}
