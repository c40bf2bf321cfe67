import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { AgentCatalog } from '../../../src/core/agent/catalog.ts';
import { TaskError } from '../../../src/core/errors.ts';
import type { Task } from '../../../src/core/task/schema.ts';
import { rememberRules } from '../../../src/runtime/approvals/remember-rules.ts';
import {
  confirmWorkspace,
  loadSettings,
  machineSettingsFile,
  workspaceSettingsFile,
} from '../../../src/runtime/settings/settings.ts';
import { until } from '../../support/temp-folder.ts';
import { machineOf, type WorkerBench, workerBench } from '../../support/worker-bench.ts';

const allowTests = { allow: 'command', pattern: 'npm test *' } as const;
const test = { title: 'Tests', kind: 'execute', rawInput: { command: 'npm test' } };
const publish = { title: 'Publish', kind: 'execute', rawInput: { command: 'npm publish' } };
const chained = { title: 'Tests', kind: 'execute', rawInput: { command: 'npm test; npm publish' } };

function edit(path: string): object {
  return { title: 'edit', kind: 'edit', locations: [{ path }], rawInput: { filePath: path } };
}

type Line = readonly ['ask' | 'use' | 'try', object];

async function start(
  context: TestContext,
  allowed: string[] | undefined,
  ...lines: Line[]
): Promise<{ bench: WorkerBench; id: string }> {
  const bench = await workerBench(context);
  const description = lines.map(([how, call]) => `${how} ${JSON.stringify(call)}`).join('\n');
  const constraints = allowed === undefined ? {} : { allowed_tools: allowed };
  const { id } = await bench.run({ title: 'Tools', tool: 'tool-user', description, constraints });
  return { bench, id };
}

function said(task: Task): string {
  return task.logs.map((entry) => entry.message).join('\n');
}

/** The tools that the next step would allow. */
function widening(next: unknown): unknown {
  const steps = next as { operation?: string; input?: { allowedTools?: unknown } }[] | undefined;
  return steps?.find(({ operation }) => operation === 'task.update')?.input?.allowedTools;
}

describe('the allowed tools of a task', () => {
  it('refuse a call outside the list without asking a person, and the task continues', async (context) => {
    const { bench, id } = await start(context, ['code_execution(npm test)'], ['ask', publish], ['ask', chained]);
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.equal(task.approvals.length, 0);
    const refused = task.logs.filter((entry) => entry.type === 'tool' && entry.level === 'warn');
    assert.ok(refused.some((entry) => entry.metadata?.toolKind === 'execute' && entry.metadata.refused === true));
    assert.match(said(task), /Refused: .*Publish/);
    assert.deepEqual(widening(refused[0]?.metadata?.next), ['code_execution(npm test)', 'code_execution']);
    assert.match(said(task), /Answer \d+: reject_once/);
    assert.doesNotMatch(said(task), /allow_once/);
  });

  it('apply to a task without approvals, without asking a person', async (context) => {
    const bench = await workerBench(context);
    const description = [test, publish].map((call) => `ask ${JSON.stringify(call)}`).join('\n');
    const constraints = { allowed_tools: ['code_execution(npm test)'], approvals: 'none' as const };
    const { id } = await bench.run({ title: 'Tools', tool: 'tool-user', description, constraints });
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.equal(task.approvals.length, 0);
    assert.match(said(task), /Allowed by a rule \(approvals: none\): Tests/);
    assert.match(said(task), /Refused: .*Publish/);
    assert.equal(task.executions[0]?.approvals, 'none');
  });

  it('add the reason to the same session if the agent ends its turn at a refusal', async (context) => {
    const bench = await workerBench(context);
    const constraints = { allowed_tools: ['code_execution(npm test)'] };
    const { id } = await bench.run({ title: 'Publish it', tool: 'sulking', constraints });
    const task = await bench.reaches(id, 'completed_active');
    assert.match(said(task), /Heard: [\s\S]*- Publish: The task may not use code_execution.*\(npm test\)/);
    assert.equal(task.executions.length, 1);
  });

  it('repeat the reason at most three times, and never after the last turn', async (context) => {
    const bench = await workerBench(context);
    const told = (task: Task): number => task.logs.filter(({ prefix }) => prefix === 'REFUSED').length;
    const { id } = await bench.run({ title: 'stubborn', tool: 'sulking', constraints: { allowed_tools: [] } });
    assert.equal(told(await bench.reaches(id, 'completed_active')), 3);
    const constraints = { allowed_tools: [], max_iterations: 1 };
    const last = await bench.run({ title: 'Publish it', tool: 'sulking', constraints });
    assert.equal(told(await bench.reaches(last.id, 'completed_active', 'paused')), 0);
  });

  it('ask a person about a call inside the list', async (context) => {
    const { bench, id } = await start(context, ['code_execution(npm test)'], ['ask', test]);
    await bench.reaches(id, 'paused');
    await bench.decide(id, true);
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.match(said(task), /Answer \d+: allow_once/);
  });

  it('ask a person about every call without a list', async (context) => {
    const { bench, id } = await start(context, undefined, ['ask', publish], ['use', publish]);
    await bench.reaches(id, 'paused');
    await bench.decide(id, false);
    await bench.reaches(id, 'completed', 'completed_active');
  });

  it('end a run that used a tool outside the list without asking (F211)', async (context) => {
    const { bench, id } = await start(context, ['file_operations:read'], ['use', publish], ['ask', { title: 'stay' }]);
    const task = await bench.reaches(id, 'failed');
    assert.equal(task.error_code, 'ToolPermissionDenied');
    assert.match(task.error ?? '', /without asking.*file_operations:read/);
    assert.deepEqual(widening(task.error_next), ['file_operations:read', 'code_execution']);
    assert.equal(task.executions.at(-1)?.error_code, 'ToolPermissionDenied');
  });

  it('end a run that used a refused tool', async (context) => {
    const { bench, id } = await start(context, ['web_search'], ['try', publish], ['ask', { title: 'stay' }]);
    assert.equal((await bench.reaches(id, 'failed')).error_code, 'ToolPermissionDenied');
  });

  it('permit a call inside the list that the agent did not ask for', async (context) => {
    const { bench, id } = await start(
      context,
      ['code_execution(npm test)', 'file_operations(src/**)'],
      ['use', test],
      ['use', edit('src/a.ts')],
    );
    await bench.reaches(id, 'completed', 'completed_active');
  });

  it('apply to the real location of a file', async (context) => {
    const bench = await workerBench(context);
    const description = `ask ${JSON.stringify(edit('src/x'))}\nask ${JSON.stringify(edit('link/x'))}\nask ${JSON.stringify(edit('src/../a'))}`;
    symlinkSync('/', join(bench.folder, 'link'));
    const constraints = { allowed_tools: ['file_operations(link/**)'] };
    const { id } = await bench.run({ title: 'Links', tool: 'tool-user', description, constraints });
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.equal(task.approvals.length, 0);
    assert.equal(said(task).match(/reject_once/g)?.length, 3);
  });

  it('apply to the target of a dangling link and to files behind it', async (context) => {
    const bench = await workerBench(context);
    mkdirSync(join(bench.folder, 'src'));
    mkdirSync(join(bench.folder, 'other/deep'), { recursive: true });
    symlinkSync('../other/new', join(bench.folder, 'src/dangling'));
    symlinkSync('../other/deep', join(bench.folder, 'src/link'));
    const tried = ['src/dangling', 'src/link/../x', 'src/link', '~/src/x', 'src/../other/x', '.'];
    const description = tried.map((path) => `ask ${JSON.stringify(edit(path))}`).join('\n');
    const constraints = { allowed_tools: ['file_operations(src/**)', 'markdown_processing'] };
    const { id } = await bench.run({ title: 'Links', tool: 'tool-user', description, constraints });
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.equal(task.approvals.length, 0);
    assert.equal(said(task).match(/reject_once/g)?.length, tried.length);
  });

  it('are shown with the refused tool as data that needs no shell quoting', async (context) => {
    const { bench, id } = await start(context, ["file_operations(it's; $(id))"], ['ask', publish]);
    const task = await bench.reaches(id, 'completed', 'completed_active');
    const refused = task.logs.find((entry) => entry.metadata?.refused === true);
    assert.deepEqual(widening(refused?.metadata?.next), ["file_operations(it's; $(id))", 'code_execution']);
  });

  it('limit an approval for the task too', async (context) => {
    const { bench, id } = await start(
      context,
      ['file_operations:write(src/**)'],
      ['ask', edit('src/a')],
      ['ask', edit('src/b')],
      ['ask', edit('other')],
    );
    await bench.reaches(id, 'paused');
    await bench.decide(id, true, undefined, 'task');
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.equal(task.approvals.length, 1);
    assert.equal(said(task).match(/: allow_once/g)?.length, 2);
    assert.equal(said(task).match(/: reject_once/g)?.length, 1);
  });

  it('ask again about a link with a new target despite an approval for the task', async (context) => {
    const bench = await workerBench(context);
    mkdirSync(join(bench.folder, 'src'));
    symlinkSync(`${bench.folder}-outside`, join(bench.folder, 'src/out'));
    symlinkSync('../.env', join(bench.folder, 'src/harmless'));
    symlinkSync('../.git', join(bench.folder, 'src/inside'));
    const tried = ['src/a', 'src/b', 'src/out', 'src/harmless', 'src/inside/hooks/x', 'src/c'];
    const description = tried.map((path) => `ask ${JSON.stringify(edit(path))}`).join('\n');
    const { id } = await bench.run({ title: 'Links', tool: 'tool-user', description });
    await bench.reaches(id, 'paused');
    await bench.decide(id, true, undefined, 'task');
    for (const pending of [2, 3, 4]) {
      await until(
        `request ${pending} waits`,
        () => bench.store.resolve(id).approvals[pending - 1]?.status === 'pending',
      );
      await bench.decide(id, pending === 4);
    }
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.deepEqual(
      task.approvals.map(({ title }) => title.replace(/^.*: /, '')),
      ['src/a', 'src/out', 'src/harmless', 'src/inside/hooks/x'],
    );
    assert.equal(said(task).match(/: allow_once/g)?.length, 4);
    assert.equal(said(task).match(/: reject_once/g)?.length, 2);
  });

  it('ask no person if a rule decides', async (context) => {
    const bench = await workerBench(context);
    await rememberRules(
      bench.folder,
      [allowTests, { deny: 'command', pattern: 'npm publish *' }],
      machineOf(bench.folder),
    );
    const description = [test, publish].map((call) => `ask ${JSON.stringify(call)}`).join('\n');
    const { id } = await bench.run({ title: 'Rules', tool: 'tool-user', description });
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.equal(task.approvals.length, 0);
    assert.match(said(task), /Allowed by a rule \(allow command "npm test \*"\)/);
    assert.match(said(task), /Refused by a rule \(deny command "npm publish \*"\)/);
    assert.equal(said(task).match(/: allow_once/g)?.length, 1);
  });

  it('apply allow rules of a workspace after confirmation and deny rules always', async (context) => {
    const { folder } = await workerBench(context);
    const env = machineOf(folder);
    const rules = [{ allow: 'read', pattern: '**' }, { deny: 'web_search' }];
    mkdirSync(join(folder, '.systemprompt'), { recursive: true });
    writeFileSync(join(folder, '.systemprompt', 'config.json'), JSON.stringify({ rules }));
    const unconfirmed = await loadSettings(folder, env);
    assert.deepEqual(unconfirmed.rules, [rules[1]]);
    assert.deepEqual(unconfirmed.unconfirmedRules, ['allow read "**"']);
    await confirmWorkspace(folder, [unconfirmed.unconfirmedDigests?.rules ?? ''], env);
    assert.deepEqual((await loadSettings(folder, env)).rules, rules);
  });

  it('ask no person about ordinary work under the standard policy, which a folder alone cannot choose', async (context) => {
    const bench = await workerBench(context);
    const env = machineOf(bench.folder);
    const file = workspaceSettingsFile(bench.folder);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ policy: 'standard' }));
    const unconfirmed = await loadSettings(bench.folder, env);
    assert.deepEqual(unconfirmed.rules, []);
    assert.match(unconfirmed.problems.join(), /apply only after a confirmation/);
    await confirmWorkspace(bench.folder, [unconfirmed.unconfirmedDigests?.rules ?? ''], env);
    const description = [test, edit('src/a.ts'), publish].map((call) => `ask ${JSON.stringify(call)}`).join('\n');
    const { id } = await bench.run({ title: 'Work', tool: 'tool-user', description });
    const task = await bench.reaches(id, 'paused');
    assert.deepEqual(
      task.approvals.map(({ detail }) => detail?.command),
      ['npm publish'],
    );
    writeFileSync(machineSettingsFile(env), JSON.stringify({ policy: 'standard' }));
    writeFileSync(file, JSON.stringify({ policy: 'ask' }));
    assert.deepEqual((await loadSettings(bench.folder, env)).rules, [], 'a folder may ask more than the machine does');
    writeFileSync(file, JSON.stringify({ policy: 'standard', rules: [{ allow: 'command', pattern: 'x' }] }));
    assert.ok(
      ((await loadSettings(bench.folder, env)).rules?.length ?? 0) > 50,
      'that of the machine needs no confirming',
    );
  });

  it('are part of the first prompt', async (context) => {
    const told: unknown[] = [];
    const agents: AgentCatalog = {
      names: [],
      list: async () => [],
      unavailable: () => undefined,
      get: (name) => ({
        name,
        async open({ allowedTools }) {
          told.push(allowedTools);
          throw new TaskError('AgentUnavailable', 'It only listens.');
        },
      }),
      countsCost: () => undefined,
      spent: async () => undefined,
      endLeftBehind: async () => 0,
    };
    const bench = await workerBench(context, { agents });
    for (const constraints of [{ allowed_tools: ['web_search'] }, {}]) {
      const { id } = await bench.run({ title: 'Listen', tool: 'listener', constraints });
      await bench.reaches(id, 'failed');
    }
    assert.deepEqual(told, [['web_search'], undefined]);
  });

  it('can be changed for the next attempt', async (context) => {
    const { bench, id } = await start(context, ['web_search'], ['use', publish]);
    await bench.reaches(id, 'failed');
    await bench.store.updateTask(id, { constraints: { allowed_tools: ['web_search', 'code_execution'] } });
    await bench.restart(id);
    await bench.reaches(id, 'completed', 'completed_active');
  });
});
