import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The OpenCode that the tests are written against. */
export const OPENCODE_VERSION = '1.18.33';

const INSTALL_TIMEOUT_MS = 10 * 60_000;

/**
 * The real OpenCode from npm, installed once into the user's cache and found there ever after.
 *
 * @returns the path of its program
 * @throws Error that says why it cannot be had
 */
export async function installOpencode(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'systemprompt-tasks');
  const place = join(cache, `opencode-${OPENCODE_VERSION}`);
  const program = programIn(place);
  if (existsSync(program)) return program;
  console.error(`Installing OpenCode ${OPENCODE_VERSION} from npm into ${place} (once, about 350 MB) …`);
  await mkdir(cache, { recursive: true });
  // Beside its place, and moved there when it is whole: a broken-off installation is never found.
  const draft = await mkdtemp(join(cache, 'installing-opencode-'));
  try {
    await writeFile(join(draft, 'package.json'), '{ "private": true }\n');
    await run(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', `opencode-ai@${OPENCODE_VERSION}`],
      draft,
    );
    // Its own step to choose the program for this machine; newer versions of npm do not run such scripts by themselves.
    await run(process.execPath, [join(draft, 'node_modules', 'opencode-ai', 'postinstall.mjs')], draft);
    const version = (await run(programIn(draft), ['--version'], draft)).trim();
    if (version !== OPENCODE_VERSION) throw new Error(`it says that it is version ${version}`);
    await rename(draft, place).catch(async (error: unknown) => {
      if (!existsSync(program)) throw error; // another test was faster
    });
  } catch (error) {
    throw new Error(`OpenCode ${OPENCODE_VERSION} cannot be installed from npm: ${reasonOf(error)}`, { cause: error });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return program;
}

/**
 * The same for tests, which are skipped where it cannot be had: loudly, and not in CI.
 *
 * @throws Error in CI
 */
export async function opencodeOrSkip(): Promise<{ readonly program: string; readonly skip: string | false }> {
  try {
    return { program: await installOpencode(), skip: false };
  } catch (error) {
    if (/^(?:1|true)$/i.test(process.env.CI ?? '')) throw error;
    const skip = error instanceof Error ? error.message : String(error);
    console.error(`\n!!! The tests with the real OpenCode CANNOT RUN HERE: ${skip}\n`);
    return { program: '', skip };
  }
}

function programIn(folder: string): string {
  return join(folder, 'node_modules', '.bin', process.platform === 'win32' ? 'opencode.cmd' : 'opencode');
}

async function run(command: string, args: string[], cwd: string): Promise<string> {
  const env = { ...process.env, HOME: homedir() };
  const { stdout } = await promisify(execFile)(command, args, {
    cwd,
    env,
    timeout: INSTALL_TIMEOUT_MS,
    maxBuffer: 1 << 24,
  });
  return stdout;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return stderr === '' ? error.message : stderr.split('\n').slice(-5).join('\n');
}
