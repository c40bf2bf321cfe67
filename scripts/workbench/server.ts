import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endWithUs, stopGroup } from '../process.ts';
import type { Workbench } from './install.ts';

/** The program of a workbench server. */
export interface ServerOptions {
  /** The folder of its data. Default: a temporary folder that `stop` removes. */
  readonly dataDir?: string;
  /**
   * The folder of installed extensions; see `linkExtension` and `installVsix`. Default: `extensions` in the data
   * folder.
   */
  readonly extensionsDir?: string;
  /** User settings. They are written only when there are none yet, unless `replaceSettings`. */
  readonly settings?: Record<string, unknown>;
  readonly replaceSettings?: boolean;
  /**
   * `true`: windows must present a random secret, which is part of {@link WorkbenchServer.address}. For people; tests
   * need none.
   */
  readonly token?: boolean;
  /** `off`: every folder is trusted; `on`: folders open restricted until a person trusts them. */
  readonly trust: 'on' | 'off';
  /** Lets a page name the extension and tests to load, and receive their end. */
  readonly testDriver?: boolean;
  /** For tests: never ask the network for extensions, and exit 5 minutes after the last window. */
  readonly forTests?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** A running workbench server; many windows can be open on it, each with a folder and an extension host of its own. */
export interface WorkbenchServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** The server's own output, for when something goes wrong. */
  readonly logFile: string;
  /** The page that opens a window on a folder; `query` adds parameters. */
  address(folder: string, query?: Record<string, string>): string;
  /** Settles when the server ends, however that happens. */
  readonly ended: Promise<void>;
  /** Ends it with everything it started, and removes its temporary folder. A second call gets the same promise. */
  stop(): Promise<void>;
}

/** Launches the server on a free port of the loopback interface and waits until it listens. */
export async function startServer(workbench: Workbench, options: ServerOptions): Promise<WorkbenchServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'workbench-')));
  // Sockets are in their own folder: removed at the end, and short, as the system limits a socket's path to about 100
  // characters.
  const runtimeDir = await mkdtemp(path.join(tmpdir(), 'wb-'));
  const extensionsDir = options.extensionsDir ?? path.join(dataDir, 'extensions');
  await mkdir(extensionsDir, { recursive: true });
  await writeSettings(dataDir, options);

  const token = options.token === true ? randomBytes(24).toString('hex') : undefined;
  const args = [
    ...['--host', '127.0.0.1', '--port', '0'],
    ...(token === undefined ? ['--without-connection-token'] : ['--connection-token', token]),
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
    ...['--server-data-dir', dataDir, '--extensions-dir', extensionsDir],
    ...(options.trust === 'off' ? ['--disable-workspace-trust'] : []),
    ...(options.forTests === true ? ['--enable-remote-auto-shutdown'] : []),
    ...(options.testDriver === true ? ['--enable-smoke-test-driver'] : []),
  ];
  // A process group of its own: extension hosts, file watchers and terminals end with the server.
  const child = spawn(workbench.node, [workbench.main, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...hostEnvironment(options), XDG_RUNTIME_DIR: runtimeDir },
  });
  endWithUs(child);
  const logFile = path.join(dataDir, 'server.log');
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      await stopGroup(child);
      log.end();
      await rm(runtimeDir, { recursive: true, force: true });
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    })();
    return stopping;
  };

  try {
    const port = await listening(child.stdout, ended, logFile);
    const url = `http://127.0.0.1:${port}`;
    const address = (folder: string, query: Record<string, string> = {}): string => {
      const parameters = new URLSearchParams({ ...(token === undefined ? {} : { tkn: token }), folder, ...query });
      return `${url}/?${parameters}`;
    };
    return { url, port, dataDir, logFile, address, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** User settings belong to the server's data folder: the web workbench reads them from there, not from the browser. */
async function writeSettings(dataDir: string, options: ServerOptions): Promise<void> {
  const file = path.join(dataDir, 'data', 'User', 'settings.json');
  if (existsSync(file) && options.replaceSettings !== true) return;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(options.settings ?? {}, undefined, 2)}\n`);
}

/** Variables of npm and the test runner must not reach the terminals and agents of the workbench. */
function hostEnvironment(options: ServerOptions): NodeJS.ProcessEnv {
  const own = /^(npm_|NODE_TEST_CONTEXT|NODE_OPTIONS|NODE_ENV|VSCODE_|INIT_CWD)/;
  const given = options.env ?? process.env;
  const env: NodeJS.ProcessEnv = Object.fromEntries(Object.entries(given).filter(([name]) => !own.test(name)));
  const folders = (given.PATH ?? '').split(path.delimiter);
  env.PATH = folders.filter((folder) => !/node_modules[/\\]\.bin$|node-gyp-bin$/.test(folder)).join(path.delimiter);
  if (options.forTests === true) env.EXTENSIONS_GALLERY = '{"serviceUrl":""}';
  return env;
}

function listening(stdout: NodeJS.ReadableStream, ended: Promise<void>, logFile: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const timer = setTimeout(() => reject(new Error(`The workbench did not start in 60 s; see ${logFile}`)), 60_000);
    stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString('utf8');
      const port = /Extension host agent listening on (\d+)/.exec(seen)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    void ended.then(() => {
      clearTimeout(timer);
      reject(new Error(`The workbench ended while starting:\n${seen}`));
    });
  });
}
