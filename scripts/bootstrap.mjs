// Runs a TypeScript script of this project on a machine that has only Node 20+ and npm:
//
//   node scripts/bootstrap.mjs scripts/start.ts [arguments…]
//
// It installs the dependencies when node_modules is missing or older than the lockfile, then hands
// over to the Node 24 that the project brings itself (`node` from npm), which runs TypeScript directly.
// Plain JavaScript without dependencies: it is the one file that runs before anything is installed.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');
const bin = path.join(modules, '.bin');
const projectNode = path.join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const stampFile = path.join(modules, '.bootstrap-stamp');

const lockfile = read(path.join(root, 'package-lock.json'));
const stamp = createHash('sha256').update(lockfile).digest('hex');

if (read(stampFile) !== stamp || !existsSync(projectNode)) install();
handOver(process.argv.slice(2));

function install() {
  if (!matchesLockfile()) {
    say('Installing dependencies at the versions of the lockfile, about half a minute the first time…');
    // Not `npm ci`: it refuses a lockfile that was written where the registry does not serve other platforms' optional
    // binaries, and it throws away what is already right. --no-save keeps the lockfile as it is.
    // --include=dev: NODE_ENV=production or an npm setting must not leave the build tools out.
    npm(['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], root);
  }
  if (!runsNode24()) {
    // npm versions that do not run install scripts by default leave the `node` package without its binary.
    say('Fetching Node 24 for this project…');
    runOrExit(process.execPath, ['installArchSpecificPackage.js'], path.join(modules, 'node'));
    if (!runsNode24()) fail(`no working Node 24 at ${projectNode}. Remove node_modules and run this again.`);
  }
  writeFileSync(stampFile, stamp);
}

/**
 * True when what is installed is what the lockfile asks for, so that a developer's own `npm install` is not thrown
 * away.
 */
function matchesLockfile() {
  const installed = read(path.join(modules, '.package-lock.json'));
  if (installed === '') return false;
  const wanted = JSON.parse(lockfile).packages;
  const present = JSON.parse(installed).packages;
  const missing = ([key, entry]) => key !== '' && !entry.optional && present[key]?.version !== entry.version;
  const foreign = ([key, entry]) => wanted[key]?.version !== entry.version;
  return !Object.entries(wanted).some(missing) && !Object.entries(present).some(foreign);
}

function runsNode24() {
  const { stdout } = spawnSync(projectNode, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1]) >= 24;
}

/** The npm that called us where there is one (its JavaScript entry, so no shell is needed), else the one on PATH. */
function npm(args, cwd) {
  const entry = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(entry)) runOrExit(process.execPath, [entry, ...args], cwd);
  else runOrExit('npm', args, cwd);
}

function runOrExit(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (error) fail(`cannot run ${command}: ${error.message}. Node 20 or later with npm is needed.`);
  if (status !== 0) fail(`${command} ${args[0]} ended with code ${status}. Its output above says why.`);
}

function handOver([script, ...args]) {
  if (script === undefined) fail('usage: node scripts/bootstrap.mjs SCRIPT [arguments…]');
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` };
  const child = spawn(projectNode, [path.resolve(root, script), ...args], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to the child as well; only a signal sent to this process alone needs passing on.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  if (process.env.npm_lifecycle_event) {
    // Ending npm ends the shell between npm and this process, which passes nothing on: notice that it is gone.
    const parent = process.ppid;
    setInterval(() => (process.ppid === parent ? undefined : child.kill('SIGTERM')), 500).unref();
  }
  child.on('error', (error) => fail(`cannot run ${projectNode}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function say(text) {
  console.error(`· ${text}`);
}

function fail(text) {
  console.error(`✖ ${text}`);
  process.exit(1);
}
