import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { guardClient } from '../../src/agents/guarded-client.ts';
import type { AgentClient, PermissionRequest } from '../../src/core/agent/port.ts';
import { ruleFor } from '../../src/core/policy/rule-for.ts';
import type { LogDraft } from '../../src/core/task/log-entry.ts';
import { rememberRules } from '../../src/runtime/approvals/remember-rules.ts';
import { machineSettingsFile } from '../../src/runtime/settings/settings.ts';
import { until } from '../support/temp-folder.ts';
import { machineOf, type WorkerBench, workerBench } from '../support/worker-bench.ts';
import { redactedCommands, redactedFiles } from './data/redactions.ts';

const secret = `ghp_${'a'.repeat(36)}`;
const run = (command: string): object => ({ title: 'run', kind: 'execute', rawInput: { command } });
const edit = (path: string, text = 'x'): object => ({
  title: 'edit',
  kind: 'edit',
  locations: [{ path }],
  rawInput: { filePath: path, content: text },
});

async function standard(context: TestContext): Promise<WorkerBench> {
  const bench = await workerBench(context);
  const file = machineSettingsFile(machineOf(bench.folder));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ policy: 'standard' }));
  return bench;
}

const asks = (...calls: object[]): string => calls.map((call) => `ask ${JSON.stringify(call)}`).join('\n');
const logOf = (task: { logs: readonly { message: string }[] }): string =>
  task.logs.map(({ message }) => message).join('\n');

describe('a request that redaction changes', () => {
  for (const [at, call] of [...redactedCommands.map(run), ...redactedFiles.map((path) => edit(path))].entries()) {
    it(`is asked by the policy "standard": example ${at + 1}`, async (context) => {
      const bench = await standard(context);
      const { id } = await bench.run({ title: 'Ask', tool: 'tool-user', description: asks(call) });
      const task = await bench.reaches(id, 'paused');
      assert.equal(task.approvals.length, 1);
      await bench.decide(id, false);
      assert.doesNotMatch(logOf(await bench.reaches(id, 'completed', 'completed_active')), /Allowed by a rule/);
    });
  }

  it('is checked in its original form against the allowed tools', async (context) => {
    const bench = await workerBench(context);
    const constraints = { allowed_tools: ['code_execution(echo)', 'file_operations(src/**)'] };
    const description = asks(...redactedCommands.map(run), ...redactedFiles.map((path) => edit(path)));
    const { id } = await bench.run({ title: 'Ask', tool: 'tool-user', description, constraints });
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.equal(task.approvals.length, 0);
    assert.equal(logOf(task).match(/: reject_once/g)?.length, redactedCommands.length + redactedFiles.length);
  });

  it('is checked in its original form if the agent did not ask', async (context) => {
    const bench = await workerBench(context);
    const [, command = ''] = redactedCommands;
    const constraints = { allowed_tools: ['file_operations(src/**)'] };
    const use = `use ${JSON.stringify(edit(redactedFiles[0] ?? ''))}\nask ${JSON.stringify({ title: 'stay' })}`;
    const { id } = await bench.run({ title: command, tool: 'tool-user', description: use, constraints });
    assert.equal((await bench.reaches(id, 'failed')).error_code, 'ToolPermissionDenied');
  });

  it('is stored redacted with a note, and no earlier approval applies', async (context) => {
    const bench = await standard(context);
    const description = asks(edit('notes/a', 'x'), edit('notes/b', secret), edit('notes/c', 'y'));
    const { id } = await bench.run({ title: 'Edit', tool: 'tool-user', description });
    await bench.reaches(id, 'paused');
    await bench.decide(id, true, undefined, 'task');
    await until('the second request waits', () => bench.store.resolve(id).approvals[1]?.status === 'pending');
    const waiting = bench.store.resolve(id).approvals[1];
    assert.equal(waiting?.detail?.redacted, true);
    assert.doesNotMatch(JSON.stringify(waiting), new RegExp(secret));
    assert.ok(!('raw' in (waiting ?? {})));
    await bench.decide(id, true);
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.equal(task.approvals.length, 2, 'the third is covered by the first approval');
    assert.doesNotMatch(JSON.stringify([task.approvals, task.logs]), new RegExp(secret));
  });

  it('is not allowed by a rule added while it waits, but a deny rule still applies', async (context) => {
    const bench = await standard(context);
    const { id } = await bench.run({ title: 'Run', tool: 'tool-user', description: asks(run(`my-linter ${secret}`)) });
    await bench.reaches(id, 'paused');
    await rememberRules(
      bench.folder,
      [
        { allow: 'command', pattern: 'my-linter "[redacted]"' },
        { deny: 'command', pattern: 'npm publish *' },
      ],
      machineOf(bench.folder),
    );
    const other = await bench.run({ title: 'Run', tool: 'tool-user', description: asks(run(`npm publish ${secret}`)) });
    assert.match(logOf(await bench.reaches(other.id, 'completed', 'completed_active')), /Refused by a rule \(deny/);
    assert.equal(bench.store.resolve(id).approvals[0]?.status, 'pending');
    await bench.decide(id, false);
    await bench.reaches(id, 'completed', 'completed_active');
  });

  it('gets no rule', () => {
    const choice = ruleFor({ toolKind: 'execute', command: 'ls', input: { command: 'ls' }, redacted: true }, []);
    assert.match(choice.rule === undefined ? choice.reason : '', /redacted/);
  });

  it('reaches the client in both forms, and one without a secret has no note', async () => {
    const requests: PermissionRequest[] = [];
    const entries: (readonly [LogDraft, LogDraft | undefined])[] = [];
    const client: AgentClient = {
      log: (entry, raw) => void entries.push([entry, raw]),
      usage: () => {},
      progress: () => {},
      permission: async (request) => {
        requests.push(request);
        return { approved: false, scope: 'once' };
      },
    };
    const guarded = guardClient(client, { MY_TOKEN: 'word-of-a-secret' });
    const detail = { toolKind: 'execute', command: 'echo word-of-a-secret' };
    await guarded.permission({ title: 'x', detail });
    await guarded.permission({ title: 'x', detail: { ...detail, command: 'echo' } });
    await guarded.log({ type: 'tool', message: 'word-of-a-secret' });
    assert.deepEqual(requests[0], {
      title: 'x',
      detail: { toolKind: 'execute', command: 'echo [redacted]', redacted: true },
      raw: detail,
    });
    assert.equal(requests[1]?.detail.redacted, undefined);
    assert.deepEqual(
      entries.map(([entry, raw]) => [entry.message, raw?.message]),
      [['[redacted]', 'word-of-a-secret']],
    );
  });
});
