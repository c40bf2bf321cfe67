import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { cli } from '../cli/cli.ts';
import { until } from '../support/temp-folder.ts';
import { call, generations } from './bench.ts';

const main = process.env.TEST_CLI ?? new URL('../../src/cli/main.ts', import.meta.url).pathname;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('systemprompt mcp', () => {
  for (const generation of generations) {
    it(`serves a client that starts it, and notifies it of changes of another process (${generation})`, async (context) => {
      const run = cli(context);
      await run.ok('task', 'create', 'One');
      const client = new Client(
        { name: 'test', version: '1' },
        generation === '2026-07-28' ? { versionNegotiation: { mode: { pin: generation } } } : {},
      );
      const transport = new StdioClientTransport({
        command: process.execPath,
        args: [main, 'mcp', '-C', run.folder],
        env: { ...process.env, HOME: run.folder } as Record<string, string>,
        stderr: 'ignore',
      });
      await client.connect(transport);
      context.after(() => client.close());
      const seen: string[] = [];
      client.setNotificationHandler('notifications/resources/updated', ({ params: { uri } }) => void seen.push(uri));
      if (generation === '2026-07-28') await client.listen({ resourceSubscriptions: ['task://1'] });
      else await client.subscribeResource({ uri: 'task://1' });
      assert.equal((await call<{ total: number }>(client, 'task_list')).total, 1);
      await run.ok('task', 'update', '1', '--priority', 'high');
      await until('it is notified', () => seen.includes('task://1'));
      const pid = transport.pid;
      await client.close();
      await until('the server has ended', () => pid === null || !isAlive(pid));
    });
  }

  it('refuses an unknown set of tools', async (context) => {
    const { code, stderr } = await cli(context)('mcp', '--tools', 'persons');
    assert.equal(code, 2);
    assert.match(stderr, /Did you mean "person"\?/);
  });
});
