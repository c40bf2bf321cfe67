import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { canInstallPackages, installPackages, onPath } from '../apt.ts';
import { must, root, say, Unavailable } from '../process.ts';

/** The release that is installed, and what its archive must hash to. It contains VS Code 1.139.1. */
const version = '4.139.1';
const integrity = 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==';

/**
 * The native modules that a server needs and that come without binaries. All others are left unbuilt: they serve
 * desktop windows, Windows or proxies with Kerberos, take three times as long, and need more Debian packages.
 */
const nativeModules = ['@vscode/native-watchdog', '@vscode/spdlog', '@parcel/watcher', 'node-pty'];

/** An installed web workbench: the complete VS Code server with a real Node extension host. */
export interface Workbench {
  /** The server's main script. */
  readonly main: string;
  /** The Node that its native modules were built for. */
  readonly node: string;
}

/** The folder of things that are made once and shared by all checkouts of this project. */
export function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(base, 'systemprompt-tasks');
}

/**
 * The web workbench, installed from npm on first use (the `code-server` package, about a minute and 600 MB).
 * It is kept outside the project's dependencies, in a cache folder named by its version and Node's. It is built
 * in a folder beside and renamed when complete, so that what was interrupted is done again and never half used.
 */
export async function ensureWorkbench(): Promise<Workbench> {
  const node = path.join(root, 'node_modules', 'node', 'bin', 'node');
  const target = path.join(cacheFolder(), `code-server-${version}-node${process.versions.node.split('.')[0]}`);
  const workbench = { main: path.join(target, 'lib', 'vscode', 'out', 'server-main.js'), node };
  if (existsSync(workbench.main)) return workbench;

  await removeAbandoned(target);
  const building = `${target}.building-${process.pid}`;
  try {
    await build(building);
    await rename(building, target).catch((error: unknown) => {
      // Another process finished the same installation first: its result is as good as ours.
      if (!existsSync(workbench.main)) throw error;
    });
  } finally {
    await rm(building, { recursive: true, force: true });
    await removeAbandoned(target);
  }
  say('The web workbench is ready.');
  return workbench;
}

async function build(folder: string): Promise<void> {
  say(`Installing the web workbench (code-server ${version}) into ${path.dirname(folder)}: about a minute, once.`);
  await ensureBuildTools();
  await mkdir(folder, { recursive: true });

  say('1/4 downloading code-server (47 MB)…');
  const packed = await npm(['pack', `code-server@${version}`, '--json'], folder);
  if (!packed.includes(integrity)) {
    throw new Error(`code-server@${version} of this registry is not the archive that this project was tested with.`);
  }
  await unpack(folder, `code-server-${version}.tgz`, folder);

  say("2/4 downloading Node's headers, to build native modules against…");
  const headers = path.join(folder, 'headers');
  await mkdir(headers);
  const platform = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const nodePackage = `${platform}-${process.platform}-${process.arch}`;
  await npm(['pack', `${nodePackage}@${process.versions.node}`], headers);
  await unpack(headers, `${nodePackage}-${process.versions.node}.tgz`, headers);

  say('3/4 installing its dependencies and building the native ones…');
  const vscode = path.join(folder, 'lib', 'vscode');
  const started = Date.now();
  const ticker = setInterval(() => say(`    still building, ${Math.round((Date.now() - started) / 1000)} s`), 20_000);
  try {
    await npm(['install', '--omit=dev', '--ignore-scripts'], vscode, headers);
    await npm(['rebuild', ...nativeModules], vscode, headers);
  } finally {
    clearInterval(ticker);
  }
  say('4/4 installing the built-in language features…');
  await npm(['install', '--omit=dev'], path.join(vscode, 'extensions'));
  await rm(headers, { recursive: true, force: true });
}

async function npm(args: readonly string[], cwd: string, nodedir?: string): Promise<string> {
  const env: NodeJS.ProcessEnv = { ...process.env, JOBS: 'max' };
  // This project's own npm run must not leak its lifecycle variables or its prefix into another project's install.
  for (const name of Object.keys(env))
    if (/^npm_(lifecycle|package|command|config_local_prefix)/.test(name)) delete env[name];
  env.PATH = `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${env.PATH ?? ''}`;
  if (nodedir !== undefined) env.npm_config_nodedir = nodedir;
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return must('npm', [...args, ...quiet], { cwd, env, output: 'hide' });
}

async function unpack(folder: string, archive: string, into: string): Promise<void> {
  await must('tar', ['-xzf', archive, '--strip-components=1', '-C', into], { cwd: folder });
  await rm(path.join(folder, archive));
}

async function ensureBuildTools(): Promise<void> {
  const missing = ['python3', 'make', 'g++'].filter((command) => onPath(command) === undefined);
  if (missing.length === 0) return;
  if (canInstallPackages()) return installPackages(missing, 'to build native modules of the web workbench');
  throw new Unavailable(
    `The web workbench needs ${missing.join(', ')} to be built. ` +
      `Install them (Debian: sudo apt-get install ${missing.join(' ')}), or set VSCODE_EXECUTABLE_PATH to a desktop VS Code.`,
  );
}

/** Removes leftovers of interrupted installations, except for a running one. */
async function removeAbandoned(target: string): Promise<void> {
  const parent = path.dirname(target);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const pid = Number(/\.building-(\d+)$/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
