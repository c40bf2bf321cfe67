import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { TaskError } from '../../src/core/errors.ts';
import { type HttpServer, serveHttp } from '../../src/mcp/serve-http.ts';
import { personGroups } from '../../src/mcp/tools/groups.ts';
import { until } from '../support/temp-folder.ts';
import { call, generations, type McpBench, mcpBench } from './bench.ts';

async function httpBench(context: TestContext): Promise<McpBench & { http: HttpServer }> {
  const made = await mcpBench(context);
  const http = await serveHttp(made, { port: 0, groups: personGroups(), version: '1' });
  context.after(() => http.close());
  return { ...made, http };
}

/** The status of a request with these headers. */
function status({ url }: HttpServer, headers: Record<string, string>, body = '{}', path = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, ...(path === '' ? {} : { path }) }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The headers of a new session of a client of 2025-11-25. */
async function begin({ url, token }: HttpServer): Promise<Record<string, string>> {
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  const begun = await fetch(url, { method: 'POST', headers, body });
  await begun.text();
  return { ...headers, 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
}

describe('the server over HTTP', () => {
  for (const generation of generations) {
    it(`serves a client of ${generation}`, async (context) => {
      const { http, store } = await httpBench(context);
      await store.createTask({ title: 'One' });
      const client = new Client(
        { name: 'test', version: '1' },
        generation === '2026-07-28' ? { versionNegotiation: { mode: { pin: generation } } } : {},
      );
      const headers = { authorization: `Bearer ${http.token}` };
      await client.connect(new StreamableHTTPClientTransport(new URL(http.url), { requestInit: { headers } }));
      context.after(() => client.close());
      assert.equal((await call<{ total: number }>(client, 'task_list')).total, 1);
      const { contents } = await client.readResource({ uri: 'task://1' });
      assert.match(JSON.stringify(contents), /One/);
      const seen: string[] = [];
      client.setNotificationHandler('notifications/resources/updated', ({ params: { uri } }) => void seen.push(uri));
      if (generation === '2025-11-25') await client.subscribeResource({ uri: 'task://1' });
      else await client.listen({ resourceSubscriptions: ['task://1'] });
      await store.updateTask('1', { priority: 'high' });
      await until('it is notified', () => seen.includes('task://1'));
    });
  }

  it('opens the stream of a session again for a client that lost it', async (context) => {
    const { http } = await httpBench(context);
    const session = await begin(http);
    const opens = async (): Promise<boolean> => {
      const lost = new AbortController();
      const { status: given } = await fetch(http.url, { headers: session, signal: lost.signal });
      lost.abort();
      return given === 200;
    };
    assert.equal(await opens(), true);
    // Sooner than the library writes to a silent stream, every 15 s.
    await until('it opens again', opens, 10_000);
  });

  it('keeps 100 sessions, and ends the one that was unused for the longest time', async (context) => {
    const { http } = await httpBench(context);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' });
    const pings = async (headers: Record<string, string>): Promise<number> => {
      const response = await fetch(http.url, { method: 'POST', headers, body });
      await response.text();
      return response.status;
    };
    const [first, second] = [await begin(http), await begin(http)];
    for (let others = 0; others < 98; others += 1) await begin(http);
    assert.equal(await pings(first), 200);
    const last = await begin(http);
    assert.deepEqual([await pings(first), await pings(second), await pings(last)], [200, 404, 200]);
  });

  it('refuses requests without the token, of other hosts and of other origins', async (context) => {
    const { http } = await httpBench(context);
    const authorization = `Bearer ${http.token}`;
    assert.equal(await status(http, {}), 401);
    assert.equal(await status(http, { authorization: 'Bearer wrong' }), 401);
    assert.equal(await status(http, { authorization: `Basic ${http.token}` }), 401);
    assert.equal(await status(http, { authorization, host: 'evil.example' }), 403);
    assert.equal(await status(http, { authorization, host: '127.0.0.1.evil.example' }), 403);
    assert.equal(await status(http, { authorization, origin: 'https://evil.example' }), 403);
    assert.equal(await status(http, { authorization, origin: 'null' }), 403);
    assert.equal(await status(http, { authorization }, '{}', '/other'), 404);
    assert.equal(await status(http, { authorization }, '{}', '//'), 404);
    const long = await status(http, { authorization, 'content-type': 'application/json' }, 'x'.repeat(4_500_000)).catch(
      () => 413,
    );
    assert.equal(long, 413);
    assert.notEqual(await status(http, { authorization, 'content-type': 'application/json' }, 'garbage'), 200);
    assert.match(http.url, /^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  });

  it('has another token each time, and refuses a used port and a restricted folder', async (context) => {
    const made = await httpBench(context);
    const other = await serveHttp(made, { port: 0, groups: [], version: '1' });
    assert.notEqual(other.token, made.http.token);
    await other.close();
    const options = { port: Number(new URL(made.http.url).port), groups: [], version: '1' };
    await assert.rejects(serveHttp(made, options), (error) => TaskError.is(error, 'InvalidInput'));
    const restricted = { ...made, trusted: () => false };
    await assert.rejects(serveHttp(restricted, options), (error) => TaskError.is(error, 'Untrusted'));
  });
});
