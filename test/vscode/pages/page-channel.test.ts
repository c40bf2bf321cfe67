import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Logger, silentLogger } from '../../../src/core/logger.ts';
import { PageChannel, type PageHandlers } from '../../../src/vscode/pages/page-channel.ts';
import { type ApprovalsProtocol, approvalsProtocol } from '../../../src/webviews/approvals/protocol.ts';
import { Channel } from '../../../src/webviews/kit/channel.ts';

const refuse = (): never => assert.fail('this request is not expected');

/** Both ends of a connection. Messages are copied on their way, as the editor does it. */
function connected(handlers: Partial<PageHandlers<ApprovalsProtocol>>) {
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
  const host = new PageChannel({
    protocol: approvalsProtocol,
    handlers: {
      ready: refuse,
      decide: refuse,
      rule: refuse,
      context: refuse,
      open: refuse,
      answer: refuse,
      trust: refuse,
      ...handlers,
    },
    logger,
    post: (message) => page.receive(structuredClone(message)),
    describe: (error) => `Sorry: ${(error as Error).message}`,
  });
  const page = new Channel(approvalsProtocol, (message) => void host.receive(structuredClone(message)));
  return { host, page, warnings };
}

describe('the connection between a page and its host', () => {
  test('a request gets the reply of its handler in any order of replies', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { page } = connected({
      context: async ({ key }) => {
        if (key === 'slow') await promise;
        return { lines: [key] };
      },
    });
    const slow = page.request('context', { key: 'slow' });
    assert.deepEqual(await page.request('context', { key: 'fast' }), { lines: ['fast'] });
    resolve();
    assert.deepEqual(await slow, { lines: ['slow'] });
  });

  test('an error of a handler reaches the page as a sentence', async () => {
    const { page } = connected({ rule: () => Promise.reject(new Error('no rule')) });
    await assert.rejects(page.request('rule', { key: 'k' }), /^Error: Sorry: no rule$/);
  });

  test('an event reaches the listener of the page', () => {
    const { host, page } = connected({});
    const seen: unknown[] = [];
    page.on('cards', (data) => seen.push(data));
    const data = { cards: [], more: 0, complete: true, trusted: true };
    host.emit('cards', data);
    assert.deepEqual(seen, [data]);
  });

  test('the host ignores everything that is not in the protocol', async () => {
    const { host, warnings } = connected({ open: refuse, decide: refuse });
    const request = (name: string, input: unknown): object => ({ kind: 'request', id: 1, name, input });
    const bad = [
      undefined,
      'ready',
      { kind: 'event', name: 'cards', data: {} },
      { ...request('open', { key: 'k' }), as: 'root' },
      request('run', { command: 'rm' }),
      request('constructor', {}),
      request('__proto__', {}),
      request('decide', { keys: [], decision: 'approve' }),
      request('decide', { keys: ['k'], decision: 'approve', as: 'root' }),
      request('decide', { keys: ['k'], decision: 'forever' }),
      request('open', { key: 1 }),
      request('rule', { key: '' }),
    ];
    for (const message of bad) await host.receive(message);
    assert.equal(warnings.length, bad.length);
  });

  test('the page ignores everything that is not in the protocol', async () => {
    const page = new Channel(approvalsProtocol, () => {});
    page.on('cards', refuse);
    const data = { cards: [{}], more: 0, complete: true, trusted: true };
    assert.throws(() => page.receive({ kind: 'event', name: 'cards', data }));
    assert.throws(() => page.receive({ kind: 'reply' }));
    const asked = page.request('context', { key: 'k' });
    page.receive({ kind: 'reply', id: 1, output: { lines: [1] } });
    await assert.rejects(asked, /does not match the protocol/);
  });
});
