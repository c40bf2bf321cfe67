import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import type { LogDraft } from '../../../src/core/task/log-entry.ts';
import { AgentLog } from '../../../src/runtime/conversation/agent-log.ts';
import { Outage } from '../../../src/runtime/liveness/outage.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** A log with a limit of 1 MB for each run. */
async function benchOf(context: TestContext): Promise<{ log: AgentLog; messages: () => Promise<string[]> }> {
  const store = await TaskStore.open({ folder: tempFolder(context), watch: false });
  context.after(() => store.close());
  const { id } = await store.createTask({ title: 'Flood', tool: 'SHELL' });
  const current = { agents: {}, worker: {}, unconfirmed: [], problems: [], logs: { maxRunMegabytes: 1 } };
  const policy = { observe: async () => undefined };
  const log = new AgentLog({
    store,
    taskId: id,
    logger: silentLogger,
    policy,
    settings: { current },
    outage: new Outage(undefined),
    denied: () => {},
  });
  return {
    log,
    messages: async () => (await store.getLogs(id, { limit: 1_000 })).entries.map(({ message }) => message),
  };
}

const output = (message: string): LogDraft => ({ type: 'output', message });

describe('the log of a run that floods', () => {
  it('ends at the limit of the run with a mark, the size of the rest, and what the product reports', async (context) => {
    const { log, messages } = await benchOf(context);
    for (let at = 0; at < 40; at += 1) await log.write(output(`${at} ${'x'.repeat(50_000)}`));
    await log.write(output('short'));
    await log.write({ type: 'system', message: 'The turn ended.' });
    await log.flush();
    await log.flush();
    const shown = (await messages()).filter((message) => !message.startsWith('Task created'));
    const kept = shown.filter((message) => message.length > 1_000);
    assert.deepEqual(
      kept.map((message) => Number.parseInt(message, 10)),
      Array.from({ length: 19 }, (_, at) => at),
      'the first lines',
    );
    assert.deepEqual(shown.slice(19), [
      'This run reached its limit of 1 MB in the log (setting logs.maxRunMegabytes). Its further output is not logged.',
      'The turn ended.',
      'Not logged beyond the limit of this run: 22 lines, 1.1 MB.',
    ]);
  });

  it('counts the results of tools, and makes the agent wait for the disk by size', async (context) => {
    const { log, messages } = await benchOf(context);
    const big = 'y'.repeat(400_000);
    for (let at = 0; at < 4; at += 1) await log.write({ type: 'tool', message: 'Read', metadata: { toolOutput: big } });
    await log.flush();
    assert.equal((await messages()).filter((message) => message.startsWith('Read')).length, 2);
    const wide = { type: 'system', message: 'z'.repeat(6_000_000) } as const;
    assert.deepEqual([log.write(wide), log.write(wide)], [undefined, undefined]);
    assert.ok(log.write(wide) instanceof Promise);
    await log.flush();
  });
});
