import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { type GitFailure, type GitResult, runGit } from './git-process.ts';

/** Longer than git needs for any repository of a usual size. */
const LIMIT_MS = 10 * 60_000;

/**
 * Settings for everything git does on behalf of a task. The person's hooks, signing and file monitor do not take part in
 * a task's own commits; `personal()` brings them back. Filters and attributes always count.
 */
const settings = [
  ['core.hooksPath', process.platform === 'win32' ? 'NUL' : '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['commit.gpgSign', 'false'],
];
const always = [
  ['core.quotePath', 'false'],
  ['advice.addEmbeddedRepo', 'false'],
  ['gc.auto', '0'],
];

/** Runs git in one folder. Arguments are passed unchanged, never through a shell. */
export class Git {
  readonly cwd: string;
  private readonly env: Readonly<Record<string, string>>;
  private readonly config: readonly (readonly string[])[];
  private readonly limitMs: number;
  private hasAuthor: boolean | undefined;

  constructor(
    cwd: string,
    env: Readonly<Record<string, string>> = {},
    config: readonly (readonly string[])[] = settings,
    limitMs = LIMIT_MS,
  ) {
    this.cwd = cwd;
    this.env = env;
    this.config = config;
    this.limitMs = limitMs;
  }

  at(cwd: string): Git {
    return new Git(cwd, this.env, this.config, this.limitMs);
  }

  with(env: Readonly<Record<string, string>>): Git {
    return new Git(this.cwd, { ...this.env, ...env }, this.config, this.limitMs);
  }

  /** With the user's hooks, signing and monitor: for actions on the user's own branch. */
  personal(): Git {
    return new Git(this.cwd, this.env, [], this.limitMs);
  }

  /** With separate settings, each `[key, value]`, and the given time limit. */
  configured(config: readonly (readonly string[])[], limitMs = this.limitMs): Git {
    return new Git(this.cwd, this.env, [...this.config, ...config], limitMs);
  }

  /** Runs git and gives its output, or the reason for which git gave no exit code. Never throws. */
  probe(args: readonly string[], input?: string): Promise<GitResult | GitFailure> {
    const config = [...always, ...this.config].flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    return runGit({ cwd: this.cwd, args: [...config, ...args], env: this.env, input, limitMs: this.limitMs });
  }

  /**
   * Runs git and returns its output for any exit code.
   *
   * @throws TaskError `GitFailed` if git is missing, times out, or exceeds the output limit
   */
  async try(args: readonly string[], input?: string): Promise<GitResult> {
    const result = await this.probe(args, input);
    if (!('failure' in result)) return result;
    throw new TaskError('GitFailed', `git ${args[0]}: ${result.reason}.`, {
      next: [textStep(result.fix)],
    });
  }

  /**
   * Git's output, without the newline at its end.
   *
   * @throws TaskError `GitFailed` with the message of git
   */
  async text(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.try(args, input);
    if (code === 0) return stdout.replace(/\n$/, '');
    const why = firstLines(stderr) || `exit code ${code}`;
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

  /**
   * The answers of `rev-parse`, with absolute paths, in one process; undefined unless git answers all questions. A path with a line break makes two lines of one answer: then each question takes a process.
   *
   * @throws TaskError `GitFailed` as `try`
   */
  async answers(...questions: readonly string[]): Promise<string[] | undefined> {
    const ask = (asked: readonly string[]): Promise<GitResult> =>
      this.try(['rev-parse', '--path-format=absolute', ...asked]);
    const all = await ask(questions);
    if (all.code !== 0) return undefined;
    const lines = all.stdout.replace(/\n$/, '').split('\n');
    if (lines.length === questions.length) return lines;
    const each = await Promise.all(questions.map((question) => ask([question])));
    return each.every(({ code }) => code === 0) ? each.map(({ stdout }) => stdout.replace(/\n$/, '')) : undefined;
  }

  /** The commit of a name; undefined without one. */
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

  /** The best common ancestor of two commits; undefined without one. */
  async mergeBase(commit: string, other: string): Promise<string | undefined> {
    const { code, stdout } = await this.try(['merge-base', commit, other]);
    return code === 0 ? stdout.trim() : undefined;
  }

  async isAncestor(commit: string, of: string): Promise<boolean> {
    return (await this.try(['merge-base', '--is-ancestor', commit, of])).code === 0;
  }

  tree(commit: string): Promise<string> {
    return this.text(['rev-parse', '--verify', '--quiet', `${commit}^{tree}`]);
  }

  /** The entries of an output with `-z`. */
  async list(args: readonly string[], input?: string): Promise<string[]> {
    return (await this.text(args, input)).split('\0').filter((entry) => entry !== '');
  }

  /** A boolean of the person's configuration; false when it is not set. */
  async isSet(key: string): Promise<boolean> {
    return (await this.personal().try(['config', '--type=bool', '--get', key])).stdout.trim() === 'true';
  }

  /** With a name to commit under, for a folder in which git knows none. Git is asked once. */
  async withAuthor(): Promise<Git> {
    this.hasAuthor ??= await this.knowsAuthor();
    return this.hasAuthor ? this : this.asTool();
  }

  /** True when git knows a name and an e-mail address for the person. */
  async knowsAuthor(): Promise<boolean> {
    for (const ident of ['GIT_COMMITTER_IDENT', 'GIT_AUTHOR_IDENT']) {
      if ((await this.try(['var', ident])).code !== 0) return false;
    }
    return true;
  }

  /** With the product's own name, for commits that no branch ever shows. */
  asTool(): Git {
    const [name, email] = ['SystemPrompt Tasks', 'tasks@localhost'];
    return this.with({
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
    });
  }
}

/** The start of git's message, on one line. */
export function firstLines(stderr: string): string {
  return stderr
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, 5)
    .join(' ');
}
