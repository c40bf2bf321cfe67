import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { onPath } from './apt.ts';
import { must, root, say } from './process.ts';
import { makeSampleWorkspace } from './sample-workspace.ts';
import { linkExtension } from './workbench/extension.ts';
import { cacheFolder, ensureWorkbench } from './workbench/install.ts';
import { startServer } from './workbench/server.ts';
import { startSettings } from './workbench/settings.ts';

const usage = `npm start [-- [--web] [PATH]]

Builds the extension and opens it on the folder PATH, or on a sample workspace: in the desktop
VS Code when \`code\` is on PATH or VSCODE_EXECUTABLE_PATH names one, else (or with --web) in VS Code in the browser.`;

try {
  await start();
} catch (error) {
  console.error(`✖ ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { web: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    console.log(usage);
    return;
  }
  const named = positionals[0];
  // npm runs scripts in the project's folder; INIT_CWD is where the person is.
  const folder =
    named === undefined
      ? path.join(cacheFolder(), 'sample', 'tally')
      : path.resolve(process.env.INIT_CWD ?? '.', named);
  if (named !== undefined && statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Error(`${folder} is not a folder. Name an existing folder, or none for the sample workspace.`);
  }

  const started = Date.now();
  say('Building the extension…');
  await must(process.execPath, ['esbuild.js'], { output: 'hide' });
  if (named === undefined) {
    say(`Preparing the sample workspace ${folder}`);
    await makeSampleWorkspace(folder);
  }
  const desktop = process.env.VSCODE_EXECUTABLE_PATH || onPath('code');
  if (desktop !== undefined && values.web !== true) openDesktop(desktop, folder);
  else await serveWeb(folder, named === undefined, started);
}

function openDesktop(executable: string, folder: string): void {
  say(`Opening ${folder} in ${executable}`);
  // VS Code refuses to run as root without these two.
  const asRoot = ['--no-sandbox', '--user-data-dir', path.join(cacheFolder(), 'desktop')];
  const args = [
    '--new-window',
    `--extensionDevelopmentPath=${root}`,
    ...(process.getuid?.() === 0 ? asRoot : []),
    folder,
  ];
  const child = spawn(executable, args, { stdio: 'inherit' });
  child.on('error', (error) => {
    console.error(`✖ cannot run ${executable}: ${error.message}. Unset VSCODE_EXECUTABLE_PATH, or add --web.`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

async function serveWeb(folder: string, trusted: boolean, started: number): Promise<void> {
  const workbench = await ensureWorkbench();
  // One data folder per checkout: each has its own build linked into it.
  const dataDir = path.join(cacheFolder(), `start-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`);
  const extensionsDir = path.join(dataDir, 'extensions');
  await linkExtension(extensionsDir, root);
  const server = await startServer(workbench, {
    dataDir,
    extensionsDir,
    settings: startSettings(),
    token: true,
    // The sample is ours; a folder of the person's own is theirs to trust.
    trust: trusted ? 'off' : 'on',
  });
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // npm passes a terminal's Ctrl-C on, so that it arrives twice.
      if (!stopping) say('Stopping…');
      stopping = true;
      void server.stop();
    });
  }
  say(
    `Ready after ${((Date.now() - started) / 1000).toFixed(1)} s. Open this address in a browser on this machine; Ctrl-C stops it.`,
  );
  console.log(server.address(folder));
  await server.ended;
  await server.stop();
}
