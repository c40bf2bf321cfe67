import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { permissionRuleSchema } from '../../../src/core/policy/rules.ts';
import type { Approval, ApprovalDetail } from '../../../src/core/task/approval.ts';
import { decideApproval } from '../../../src/core/task/decide.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { taskApprove } from '../../../src/operations/approval/approve.ts';
import { decide, type Remembered } from '../../../src/operations/approval/decide.ts';
import { requestDigest } from '../../../src/operations/approval/request-digest.ts';
import { taskRule } from '../../../src/operations/approval/rule.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { taskStart } from '../../../src/operations/task/start.ts';
import { taskUpdate } from '../../../src/operations/task/update.ts';
import { workspaceSettingsFile } from '../../../src/runtime/settings/settings.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { asks, type Bench, type BenchOptions, bench, logged, taken } from '../context.ts';

// What a person confirms is kept for the machine; these tests have one of their own.
before((context) => {
  process.env.XDG_CONFIG_HOME = tempFolder(context as TestContext);
});

const command = (text: string): ApprovalDetail => ({
  toolKind: 'execute',
  toolName: 'bash',
  command: text,
  input: { command: text },
});

async function asking(context: TestContext, commands: readonly string[], options: BenchOptions = {}): Promise<Bench> {
  const made = await bench(context, options);
  await made.run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true' });
  await made.store.transact('test.queue', (draft) => draft.patch(draft.require('A').id, { queued_at: draft.at }));
  await taken(made.store, 'A');
  for (const text of commands) await asks(made.store, 'A', `bash: ${text}`, command(text));
  return made;
}

function rulesOf({ store }: Bench): unknown {
  return JSON.parse(readFileSync(workspaceSettingsFile(store.folder), 'utf8')).rules;
}

describe('task.rule', () => {
  it('shows the rule without writing it', async (context) => {
    const made = await asking(context, ['npm test -- a']);
    const rule = { allow: 'command', pattern: 'npm test *' };
    const text = 'Always allow the command "npm test", also with further arguments that stay in the folder.';
    const shown = requestDigest(...(await asked(made)), permissionRuleSchema.parse(rule));
    assert.deepEqual(await made.run(taskRule, { task: 'A' }), { rule, text, shown });
    assert.throws(() => rulesOf(made), /ENOENT/);
  });

  it('explains why there is no rule', async (context) => {
    const { run } = await asking(context, ['npm test | sh']);
    const { rule, reason } = await run(taskRule, { task: 'A' });
    assert.deepEqual([rule, /not one simple command/.test(reason ?? '')], [undefined, true]);
  });

  it('shows none in a restricted folder, for a gate, and where another rule takes precedence', async (context) => {
    const restricted = await asking(context, ['npm test'], { trusted: false });
    assert.match((await restricted.run(taskRule, { task: 'A' })).reason ?? '', /restricted/);
    const made = await asking(context, ['npm test']);
    const file = workspaceSettingsFile(made.store.folder);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ rules: [{ ask: 'command' }] }));
    assert.match((await made.run(taskRule, { task: 'A' })).reason ?? '', /ask command goes before/);
    await made.run(taskCreate, {
      title: 'B',
      tool: 'SHELL',
      instructions: 'true',
      requiresApproval: true,
      start: true,
    });
    assert.match((await made.run(taskRule, { task: 'B' })).reason ?? '', /tool requests of an agent/);
  });

  it('applies to the worktree of the task', async (context) => {
    const made = await asking(context, []);
    const path = join(made.store.folder, 'src', 'a.ts');
    await asks(made.store, 'A', 'edit', { toolKind: 'edit', toolName: 'edit', files: [path] });
    assert.equal((await made.run(taskRule, { task: 'A' })).rule?.pattern, 'src/**/*.ts');
    await made.store.transact('test.worktree', (draft) => {
      const workspace = { kind: 'worktree', path: '.systemprompt/worktrees/1-a', branch: 'systemprompt/1-a' } as const;
      const head = '0'.repeat(40);
      draft.patch(draft.require('A').id, { workspace: { ...workspace, base_head: head, base_commit: head } });
    });
    assert.match((await made.run(taskRule, { task: 'A' })).reason ?? '', /outside/);
  });
});

describe('task.approve --remember', () => {
  it('writes the rule, approves, and records the rule with the decision', async (context) => {
    const made = await asking(context, ['npm test', 'git status']);
    const task = await made.run(taskApprove, { task: 'A', request: 1, remember: true });
    assert.deepEqual(rulesOf(made), [{ allow: 'command', pattern: 'npm test *' }]);
    assert.deepEqual(
      task.approvals.map(({ status, rule }) => [status, rule]),
      [
        ['approved', 'allow command "npm test *"'],
        ['pending', undefined],
      ],
    );
    await logged(made.store, task.id, /Approved by Ada.*from now on by a rule: allow command "npm test \*"/);
  });

  it('writes a rule for each of several requests', async (context) => {
    const made = await asking(context, ['npm test', 'git status', 'npm test -- a']);
    const task = await made.run(taskApprove, { task: 'A', all: true, remember: true });
    assert.ok(task.approvals.every(({ status }) => status === 'approved'));
    assert.deepEqual(rulesOf(made), [
      { allow: 'command', pattern: 'npm test *' },
      { allow: 'command', pattern: 'git status *' },
    ]);
  });

  it('approves and writes nothing if one request has no safe rule', async (context) => {
    const made = await asking(context, ['npm test', 'npm test; rm x']);
    const error = await made.refused(taskApprove, { task: 'A', all: true, remember: true }, 'NoSafeRule');
    assert.match(error.message, /request 2: .*simple command/);
    assert.ok((await made.store.getTask('A'))?.approvals.every(({ status }) => status === 'pending'));
    assert.throws(() => rulesOf(made), /ENOENT/);
  });

  it('is refused in a restricted folder', async (context) => {
    const made = await asking(context, ['npm test'], { trusted: false });
    await made.refused(taskApprove, { task: 'A', remember: true }, 'Untrusted');
    assert.throws(() => rulesOf(made), /ENOENT/);
  });

  it('approves nothing if the rule cannot be written', async (context) => {
    const made = await asking(context, ['npm test']);
    writeFileSync(workspaceSettingsFile(made.store.folder), '{ broken');
    await made.refused(taskApprove, { task: 'A', remember: true }, 'SettingsUnreadable');
    assert.equal((await made.store.getTask('A'))?.approvals[0]?.status, 'pending');
  });
});

describe('approving the displayed request', () => {
  it('writes exactly the displayed rule', async (context) => {
    const made = await asking(context, ['npm test -- a']);
    const { shown, rule } = await made.run(taskRule, { task: 'A' });
    await made.run(taskApprove, { task: 'A', remember: true, shown });
    assert.deepEqual(rulesOf(made), [rule]);
  });

  it('is refused when the request has changed, with and without a rule', async (context) => {
    const made = await asking(context, ['npm test -- a']);
    const { shown } = await made.run(taskRule, { task: 'A' });
    const [task, approval] = await asked(made);
    const seen = requestDigest(task, approval);
    await changed(made, { detail: command('npm test -- b') });
    const error = await made.refused(taskApprove, { task: 'A', remember: true, shown }, 'ChangedSinceShown');
    assert.match(error.message, /Request 1 of #1 has changed since it was shown\. Nothing was approved\./);
    assert.throws(() => rulesOf(made), /ENOENT/, 'no rule is written, though it would be the same one');
    await made.refused(taskApprove, { task: 'A', shown: seen }, 'ChangedSinceShown');
    assert.equal((await asked(made))[1].status, 'pending');
    await changed(made, { detail: approval.detail });
    await made.run(taskApprove, { task: 'A', shown: seen });
  });

  it('is refused when the rule differs from the displayed one or none was displayed', async (context) => {
    const made = await asking(context, ['npm test']);
    const [task, approval] = await asked(made);
    const other = requestDigest(task, approval, { allow: 'command', pattern: 'npm test' });
    for (const shown of [other, requestDigest(task, approval), '']) {
      await made.refused(taskApprove, { task: 'A', remember: true, shown }, 'ChangedSinceShown');
    }
    assert.throws(() => rulesOf(made), /ENOENT/);
    assert.equal((await asked(made))[1].status, 'pending');
  });

  it('is refused when a gate would start a different task', async (context) => {
    const made = await bench(context);
    const words = { title: 'G', description: 'Do it.', instructions: 'With care.', acceptance: ['Done'] };
    await made.run(taskCreate, { ...words, tool: 'OPENCODE', requiresApproval: true });
    await made.run(taskStart, { tasks: ['G'] });
    const shown = requestDigest(...(await asked(made, 'G')));
    for (const change of [
      { description: 'Do another thing.' },
      { acceptance: ['Other'] },
      { allowedTools: ['code_execution'] },
      { tool: 'SHELL' },
    ]) {
      await made.run(taskUpdate, { task: 'G', ...change });
      await made.refused(taskApprove, { task: 'G', shown }, 'ChangedSinceShown');
    }
    await made.run(taskUpdate, { task: 'G', ...words, allowedTools: null, tool: 'OPENCODE', priority: 'high' });
    await made.run(taskApprove, { task: 'G', shown });
  });
});

async function asked({ store }: Bench, name = 'A'): Promise<[TaskRecord, Approval]> {
  const task = store.view.byId((await store.getTask(name))?.id ?? '');
  const [approval] = task?.approvals ?? [];
  assert.ok(task !== undefined && approval !== undefined);
  return [task, approval];
}

async function changed(made: Bench, change: Partial<Approval>): Promise<void> {
  await made.store.transact('test.change', (draft) => {
    const task = draft.require('A');
    return draft.patch(task.id, { approvals: task.approvals.map((approval) => ({ ...approval, ...change })) });
  });
}

async function rulesFor(made: Bench, requests: readonly Approval[]): Promise<Map<string, Remembered>> {
  const [task] = await asked(made);
  return new Map(
    requests.map((request, at) => [
      request.id,
      { name: `allow command "${at}"`, request: requestDigest(task, request) },
    ]),
  );
}

describe('a request that a worker has already matched to a rule', () => {
  it('counts as approved', async (context) => {
    const made = await asking(context, ['npm test', 'git status']);
    const [first, second] = (await made.store.getTask('A'))?.approvals ?? [];
    assert.ok(first !== undefined && second !== undefined);
    const rules = await rulesFor(made, [first, second]);
    await made.store.transact('test.rule', (draft) => {
      const rule = rules.get(first.id)?.name;
      const task = draft.require('A');
      return draft.patch(task.id, decideApproval(task, first, { approve: true, by: `rule: ${rule}`, rule }, draft.at));
    });
    const task = await decide(made, 'task.approve', { task: 'A' }, { approve: true }, { rules });
    assert.deepEqual(
      task.approvals.map(({ status, decided_by: by }) => `${status} by ${by}`),
      ['approved by rule: allow command "0"', 'approved by Ada <ada@example.com>'],
    );
    await assert.rejects(
      decide(made, 'task.approve', { task: 'A' }, { approve: true }, { rules: await rulesFor(made, [second]) }),
      {
        code: 'ApprovalNotFound',
      },
    );
  });
});
