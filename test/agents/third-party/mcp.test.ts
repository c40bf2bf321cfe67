import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { installOrSkip } from '../real/install.ts';

const cli = process.env.TEST_CLI ?? join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'main.ts');

const inspector = await installOrSkip({
  name: '@modelcontextprotocol/inspector',
  version: '2.12.0',
  program: 'mcp-inspector',
});
const conformance = await installOrSkip({
  name: '@modelcontextprotocol/conformance',
  version: '0.1.16',
  program: 'conformance',
});

/** The scenarios of the suite that need no tools or resources of its own sample server. */
const scenarios = [
  'server-initialize',
  'ping',
  'tools-list',
  'resources-list',
  'prompts-list',
  'completion-complete',
  'dns-rebinding-protection',
  'server-sse-multiple-streams',
];

interface HttpAccess {
  readonly url: string;
  readonly token: string;
}

let folder = '';
let server: ChildProcess | undefined;
let access: HttpAccess;
let proxy: Server | undefined;

/** Runs a program to its end; its output, and its errors if it failed. */
function output(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...args], { cwd: folder, env: environment() }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${args.join(' ')}\n${stdout.slice(-2_000)}${stderr.slice(-2_000)}`));
    });
  });
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), HOME: folder };
}

/** The suite sends no token, so that a proxy adds it. `Host` and `Origin` pass as they are. */
async function withToken({ url, token }: HttpAccess): Promise<Server> {
  const { port } = new URL(url);
  const passing = createServer((incoming, outgoing) => {
    const host = (incoming.headers.host ?? '').replace(/:\d+$/, `:${port}`);
    const headers = { ...incoming.headers, host, authorization: `Bearer ${token}` };
    const { url: path, method } = incoming;
    const passed = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await once(passing.listen(0, '127.0.0.1'), 'listening');
  return passing;
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'third-party-'));
  await output([cli, 'task', 'create', 'Look at me', '--tool', 'SHELL', '--instructions', 'echo hello']);
  server = spawn(process.execPath, [cli, 'mcp', '--http', '--json'], { cwd: folder, env: environment() });
  const [line] = (await once(server.stdout ?? assert.fail(), 'data')) as [Buffer];
  access = JSON.parse(String(line)) as HttpAccess;
  proxy = await withToken(access);
});

after(async () => {
  proxy?.closeAllConnections();
  proxy?.close();
  if (server?.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

for (const way of ['stdio', 'http'] as const) {
  describe(`the inspector of the protocol over ${way}`, { skip: inspector.skip }, () => {
    const inspect = async (...args: string[]): Promise<Record<string, unknown>> => {
      const target =
        way === 'stdio'
          ? [process.execPath, cli, 'mcp']
          : [access.url, '--transport', 'http', '--header', `Authorization: Bearer ${access.token}`];
      return JSON.parse(await output([inspector.program, '--cli', ...target, ...args])) as Record<string, unknown>;
    };

    it('lists tools and calls one', async () => {
      const { tools } = (await inspect('--method', 'tools/list')) as { tools: { name: string }[] };
      assert.ok(tools.some(({ name }) => name === 'task_list'));
      const result = await inspect('--method', 'tools/call', '--tool-name', 'task_list');
      assert.match(JSON.stringify(result), /Look at me/);
    });

    it('reads a resource', async () => {
      const { contents } = await inspect('--method', 'resources/read', '--uri', 'task://1');
      assert.match(JSON.stringify(contents), /echo hello/);
    });
  });
}

describe('the conformance suite of the protocol', { skip: conformance.skip }, () => {
  for (const scenario of scenarios) {
    it(scenario, async () => {
      assert.ok(proxy !== undefined);
      const { port } = proxy.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/mcp`;
      await output([conformance.program, 'server', '--url', url, '--scenario', scenario]);
    });
  }
});
