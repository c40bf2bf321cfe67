import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Accounting } from '../../../src/agents/acp/accounting.ts';
import { Permissions } from '../../../src/agents/acp/permissions.ts';
import { UpdateLog } from '../../../src/agents/acp/update-log.ts';
import { gemini } from '../../../src/agents/adapters/gemini.ts';
import { guardClient } from '../../../src/agents/guarded-client.ts';
import { isWhole } from '../../../src/core/policy/rule-verdict.ts';
import { approveOnce, RecordingClient } from '../../support/recording-client.ts';

const cwd = '/work/folder';

function bench(adapter = {}): { client: RecordingClient; updates: UpdateLog; permissions: Permissions } {
  const client = new RecordingClient(() => approveOnce);
  const guarded = guardClient(client, {});
  const updates = new UpdateLog(guarded, new Accounting('turn'), cwd, adapter);
  return { client, updates, permissions: new Permissions(guarded, updates, cwd) };
}

const text = (words: string): object => ({ type: 'content', content: { type: 'text', text: words } });

function shell(title: string, explanation: string): object {
  return {
    toolCallId: 'run_shell_command__1',
    status: 'pending',
    title,
    kind: 'execute',
    content: [text(explanation)],
  };
}

describe('a tool request for the rules', () => {
  const detailOf = async (toolCall: object, adapter = {}) => {
    const { client, permissions } = bench(adapter);
    await permissions.ask({ toolCall, options: [] });
    return client.requests[0]?.detail ?? {};
  };

  it('omits the folder of the task as the location of a command, and keeps other locations', async () => {
    const call = (place: string) => ({
      toolCallId: 'a',
      kind: 'execute',
      rawInput: { command: 'npm test', cwd: place },
    });
    assert.deepEqual((await detailOf(call(cwd))).input, { command: 'npm test' });
    assert.deepEqual((await detailOf(call('/elsewhere'))).input, { command: 'npm test', cwd: '/elsewhere' });
  });

  it('takes the command of Gemini from the title only if that is unambiguous', async () => {
    const here = `[current working directory ${cwd}]`;
    const whole = async (title: string, explanation: string): Promise<boolean> =>
      isWhole(await detailOf(shell(title, explanation), gemini));
    assert.equal(await whole('npm test', here), true);
    assert.equal(await whole('npm test', `${here} (Runs the tests.)`), true);
    assert.equal(await whole('npm test', `${here} (npm test)`), false, 'a description in place of a long command');
    assert.equal(await whole('npm test', `${here} (Runs them.) [background]`), false);
    assert.equal(await whole('npm test', '[in sub]'), false);
    assert.equal((await detailOf(shell('npm test', here), gemini)).toolName, 'run_shell_command');
  });
});

describe('the log entry of a tool call', () => {
  it('contains the output that arrived in parts and the exit code', () => {
    const { client, updates } = bench();
    const call = { toolCallId: 'c', kind: 'execute', title: 'ls', rawInput: { command: 'ls' } };
    const update = (more: object): unknown =>
      updates.update({ update: { sessionUpdate: 'tool_call', ...call, ...more } }, 10);
    update({ status: 'in_progress' });
    update({ _meta: { terminal_output_delta: { data: 'a.txt\n' } } });
    update({ _meta: { terminal_output_delta: { data: 'b.txt\n' } } });
    update({ status: 'completed', _meta: { terminal_exit: { exit_code: 0 } } });
    const { toolOutput, exitCode } = (client.entries.at(-1)?.metadata ?? {}) as Record<string, unknown>;
    assert.deepEqual([toolOutput, exitCode], ['a.txt\nb.txt\n', 0]);
  });

  it('keeps the diff of a request, which the agent sends only there', async () => {
    const { client, updates, permissions } = bench();
    const diff = { type: 'diff', path: `${cwd}/a.txt`, newText: 'hello\n' };
    await permissions.ask({
      toolCall: { toolCallId: 'w', kind: 'edit', title: 'a.txt', content: [diff] },
      options: [],
    });
    void updates.update(
      {
        update: {
          sessionUpdate: 'tool_call_update',
          toolCallId: 'w',
          status: 'completed',
          content: [text('Wrote it.')],
        },
      },
      10,
    );
    const { toolOutput, diffs } = (client.entries.at(-1)?.metadata ?? {}) as Record<string, unknown>;
    assert.deepEqual([toolOutput, diffs], ['Wrote it.', [{ path: `${cwd}/a.txt`, newText: 'hello\n' }]]);
  });

  it('does not log the announcement as output or a code fence as error', () => {
    const { client, updates } = bench();
    const call = { toolCallId: 'c', kind: 'execute', title: 'ls' };
    void updates.update({ update: { sessionUpdate: 'tool_call', ...call, content: [text('Lists files')] } }, 10);
    void updates.update({ update: { sessionUpdate: 'tool_call_update', toolCallId: 'c', status: 'completed' } }, 10);
    assert.equal(client.entries.at(-1)?.metadata?.toolOutput, undefined);
    void updates.update({ update: { sessionUpdate: 'tool_call', ...call, toolCallId: 'd' } }, 10);
    const content = [text('```\nls: no such file\n```')];
    void updates.update(
      { update: { sessionUpdate: 'tool_call_update', toolCallId: 'd', status: 'failed', content } },
      10,
    );
    assert.match(client.entries.at(-1)?.message ?? '', /failed: ls: no such file/);
  });
});

describe('streamed text', () => {
  it('is logged after two seconds, and the answer stays complete', (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    const { client, updates } = bench();
    const chunk = (words: string): unknown =>
      updates.update({ update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: words } } }, 10);
    updates.beginTurn();
    chunk('All is ');
    context.mock.timers.tick(1_500);
    chunk('well ');
    assert.deepEqual(client.messages('agent'), []);
    context.mock.timers.tick(500);
    assert.deepEqual(client.messages('agent'), ['All is well ']);
    chunk('here.');
    updates.endTurn(false);
    assert.deepEqual(client.messages('agent'), ['All is well ', 'here.']);
    assert.equal(updates.answer, 'All is well here.');
  });
});
