import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Agent } from '../../src/core/agent/port.ts';
import { TaskError } from '../../src/core/errors.ts';
import { logEntrySchema } from '../../src/core/task/log-entry.ts';
import { processesLeft } from '../support/processes.ts';
import { RecordingClient } from '../support/recording-client.ts';
import { until } from '../support/temp-folder.ts';

/** What an implementation of the port brings to its contract test. */
export interface AgentUnderTest {
  readonly agent: Agent;
  /** A prompt that ends well after saying `expected` in the log. */
  readonly fine: { readonly prompt: string; readonly expected: string };
  /** A prompt whose turn fails, and the code of that failure. */
  readonly failing: { readonly prompt: string; readonly errorCode: string };
  /** A prompt whose turn says `expected` and then never ends by itself. */
  readonly endless: { readonly prompt: string; readonly expected: string };
}

let runs = 0;

/** What every agent behind the port keeps, whatever it is. */
export function agentContract(name: string, make: () => AgentUnderTest): void {
  describe(`the contract of agents: ${name}`, () => {
    const under = make();
    let cwd = '';
    before(() => {
      cwd = mkdtempSync(join(tmpdir(), 'agent-contract-'));
    });
    after(() => rmSync(cwd, { recursive: true, force: true }));

    const start = async (client = new RecordingClient()) => {
      runs += 1;
      const taskId = `task_contract${process.pid}x${runs}`;
      const session = await under.agent.open({ taskId, title: 'A task', cwd }, client);
      return { taskId, client, session };
    };

    it('completes a turn with a stop reason and logs its output', async () => {
      const { session, client } = await start();
      assert.notEqual(session.id, '');
      assert.equal(session.resumed, false);
      const outcome = await session.prompt(under.fine.prompt);
      assert.equal(outcome.kind, 'completed');
      assert.notEqual(outcome.stopReason, '');
      assert.ok(
        client.messages().some((message) => message.includes(under.fine.expected)),
        client.messages().join('\n'),
      );
      await session.close();
    });

    it('logs only entries that the log accepts', async () => {
      const { session, client } = await start();
      await session.prompt(under.fine.prompt);
      await session.close();
      for (const entry of client.entries) {
        logEntrySchema.parse({ level: 'info', type: 'system', ...entry, timestamp: new Date().toISOString() });
      }
    });

    it('fails a turn with an error, its code and a next step', async () => {
      const { session } = await start();
      const outcome = await session.prompt(under.failing.prompt);
      assert.equal(outcome.kind, 'failed');
      if (outcome.kind !== 'failed') return;
      assert.equal(outcome.errorCode, under.failing.errorCode);
      assert.notEqual(outcome.error, '');
      assert.ok((outcome.next ?? []).length > 0);
      await session.close();
    });

    it('ends a running turn as cancelled when it is asked to', async () => {
      const { session, client, taskId } = await start();
      const turn = session.prompt(under.endless.prompt);
      await until(
        'it works',
        () =>
          client.messages().some((message) => message.includes(under.endless.expected)) ||
          under.endless.expected === '',
      );
      assert.ok(session.pid);
      await session.cancel();
      assert.equal((await turn).kind, 'cancelled');
      await session.close();
      assert.deepEqual(processesLeft(taskId), []);
    });

    it('ends a running turn as cancelled when it is closed, and leaves no process', async () => {
      const { session, taskId } = await start();
      const turn = session.prompt(under.endless.prompt);
      await until('it runs', () => session.pid !== undefined);
      await session.close();
      assert.equal((await turn).kind, 'cancelled');
      assert.deepEqual(processesLeft(taskId), []);
      await session.ended;
    });

    it('can be cancelled right after the start, and without a turn', async () => {
      const { session } = await start();
      await session.cancel();
      await session.close();
      const second = await start();
      const turn = second.session.prompt(under.endless.prompt);
      await second.session.cancel();
      assert.equal((await turn).kind, 'cancelled');
      await second.session.close();
    });

    it('can be closed before any prompt, and closed again', async () => {
      const { session, taskId } = await start();
      await Promise.all([session.close(), session.close()]);
      await session.close();
      await session.ended;
      assert.deepEqual(processesLeft(taskId), []);
    });

    it('answers a prompt after the end with a failure, not with an exception', async () => {
      const { session } = await start();
      await session.close();
      const outcome = await session.prompt(under.fine.prompt);
      assert.equal(outcome.kind === 'failed' && outcome.errorCode, 'SessionClosed');
    });

    it('accepts a second prompt exactly if it declares that capability', async () => {
      const { session } = await start();
      await session.prompt(under.fine.prompt);
      const second = await session.prompt(under.fine.prompt);
      assert.equal(second.kind, session.followUps ? 'completed' : 'failed');
      await session.close();
    });

    it('fails to open in a missing folder', async () => {
      const missing = { taskId: 'task_missing', title: 'A task', cwd: join(cwd, 'missing') };
      const outcome = under.agent.open(missing, new RecordingClient()).then(async (session) => {
        const turn = await session.prompt(under.fine.prompt);
        await session.close();
        return turn.kind === 'failed' ? turn.errorCode : turn.kind;
      });
      const code = await outcome.catch((error: unknown) => (TaskError.is(error) ? error.code : error));
      assert.equal(code, 'AgentUnavailable');
    });

    it('waits for a log that is behind', async () => {
      let behind = 0;
      let most = 0;
      const slow = new (class extends RecordingClient {
        override async log(entry: Parameters<RecordingClient['log']>[0]): Promise<void> {
          behind += 1;
          most = Math.max(most, behind);
          await delay(20);
          behind -= 1;
          super.log(entry);
        }
      })();
      const { session } = await start(slow);
      await session.prompt(under.fine.prompt);
      await session.close();
      assert.ok(slow.messages().some((message) => message.includes(under.fine.expected)));
      assert.ok(most <= 4, `${most} entries at once`);
    });
  });
}
