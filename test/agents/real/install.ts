import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const INSTALL_TIMEOUT_MS = 10 * 60_000;

/** An agent's npm package. */
export interface AgentPackage {
  readonly name: string;
  /** The exact version that the tests are written against. */
  readonly version: string;
  /** Its program in `node_modules/.bin`. */
  readonly program: string;
  /**
   * A script of the package that selects the program for this machine, as no install scripts run. It downloads nothing.
   */
  readonly select?: string;
}

/** Why npm cannot deliver a package; every other failure of an installation is an ordinary error. */
class NotDelivered extends Error {}

/**
 * The path of an agent's program, installed from npm into the user's cache at the first call. Tests are skipped, with the
 * reason in the output, if npm cannot deliver the package; in CI too.
 *
 * @throws Error for every other failure
 */
export async function installOrSkip(
  agent: AgentPackage,
): Promise<{ readonly program: string; readonly skip: string | false }> {
  try {
    return { program: await installAgent(agent), skip: false };
  } catch (error) {
    if (!(error instanceof NotDelivered)) throw error;
    console.error(`\n!!! SKIPPED: the tests with ${agent.name}@${agent.version}: ${error.message}\n`);
    return { program: '', skip: error.message };
  }
}

/** @throws Error with the reason */
export async function installAgent({ name, version, program, select }: AgentPackage): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'systemprompt-tasks');
  const folder = join(cache, `${name.replace('/', '+')}-${version}`);
  const path = programIn(folder, program);
  if (existsSync(path)) return path;
  console.error(`Installing ${name}@${version} from npm into ${folder} (once, up to 500 MB) …`);
  await mkdir(cache, { recursive: true });
  // Renamed when complete, so that an interrupted installation is never found.
  const draft = await mkdtemp(join(cache, 'installing-'));
  try {
    await writeFile(join(draft, 'package.json'), '{ "private": true }\n');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...options, `${name}@${version}`], draft).catch((error: unknown) => {
      throw new NotDelivered(`npm cannot deliver it: ${reasonOf(error)}`, { cause: error });
    });
    if (select !== undefined) await run(process.execPath, [join(draft, 'node_modules', name, select)], draft);
    if (!existsSync(programIn(draft, program))) throw new Error(`${name}@${version} has no program "${program}".`);
    await rename(draft, folder).catch((error: unknown) => {
      if (!existsSync(path)) throw error; // another test file installed it meanwhile
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return path;
}

function programIn(folder: string, program: string): string {
  return join(folder, 'node_modules', '.bin', process.platform === 'win32' ? `${program}.cmd` : program);
}

async function run(command: string, args: string[], cwd: string): Promise<void> {
  const env = { ...process.env, HOME: homedir() };
  await promisify(execFile)(command, args, { cwd, env, timeout: INSTALL_TIMEOUT_MS, maxBuffer: 1 << 24 });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return stderr === '' ? error.message : stderr.split('\n').slice(-5).join('\n');
}
