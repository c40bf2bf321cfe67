import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, it } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import type { PermissionRule } from '../../src/core/policy/rule.ts';
import { rememberRules } from '../../src/runtime/approvals/remember-rules.ts';
import { LiveSettings } from '../../src/runtime/settings/live-settings.ts';
import { machineSettingsFile, workspaceSettingsFile } from '../../src/runtime/settings/settings.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { machineOf, type WorkerBench, workerBench } from '../support/worker-bench.ts';

const allowTests: PermissionRule = { allow: 'command', pattern: 'npm test *' };

function asks(...commands: string[]): string {
  return commands
    .map((command) => `ask ${JSON.stringify({ title: command, kind: 'execute', rawInput: { command } })}`)
    .join('\n');
}

function write(folder: string, text: string): void {
  const file = workspaceSettingsFile(folder);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

async function waiting(bench: WorkerBench, title: string, ...commands: string[]): Promise<string> {
  const { id } = await bench.run({ title, tool: 'tool-user', description: asks(...commands) });
  await bench.reaches(id, 'paused');
  return id;
}

/** A change of any task, as every decision is one: the worker looks around at once. */
async function changed(bench: WorkerBench): Promise<void> {
  await bench.store.createTask({ title: 'Another' });
}

describe('changed rules of running tasks', () => {
  it('apply to the next request of a running task', async (context) => {
    const bench = await workerBench(context);
    const id = await waiting(bench, 'A', 'git status', 'npm test', 'npm test -- a');
    await rememberRules(bench.folder, [allowTests], machineOf(bench.folder));
    await bench.decide(id, true);
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.deepEqual(
      task.approvals.map(({ title }) => title),
      ['execute: git status'],
    );
  });

  it('decide open requests of every task and log it, and the others stay open', async (context) => {
    const bench = await workerBench(context);
    const ids = [await waiting(bench, 'A', 'npm test'), await waiting(bench, 'B', 'npm test -- b')];
    const other = await waiting(bench, 'C', 'git push');
    await rememberRules(bench.folder, [allowTests], machineOf(bench.folder));
    await changed(bench);
    for (const id of ids) {
      const task = await bench.reaches(id, 'completed', 'completed_active');
      const [request] = task.approvals;
      const name = 'allow command "npm test *"';
      assert.deepEqual([request?.status, request?.decided_by, request?.rule], ['approved', `rule: ${name}`, name]);
      const said = task.logs.map(({ message }) => message).join('\n');
      assert.match(said, /Approved by a rule \(allow command "npm test \*"\): .*npm test/);
      assert.match(said, /: allow_once/);
    }
    assert.equal(bench.store.resolve(other).approvals[0]?.status, 'pending');
    // Written by hand, nothing tells the worker but its own look around.
    write(bench.folder, JSON.stringify({ rules: [{ deny: 'command', pattern: 'git push *' }] }));
    const refused = await bench.reaches(other, 'completed', 'completed_active');
    assert.equal(refused.approvals[0]?.status, 'rejected');
    assert.match(refused.approvals[0]?.notes ?? '', /A rule of the workspace forbids it/);
  });

  it('allow nothing outside the allowed tools of the task', async (context) => {
    const bench = await workerBench(context);
    const id = await waiting(bench, 'A', 'npm test');
    await bench.store.updateTask(id, { constraints: { allowed_tools: ['web_search'] } });
    const other = await waiting(bench, 'B', 'npm test');
    await rememberRules(bench.folder, [allowTests], machineOf(bench.folder));
    await changed(bench);
    await bench.reaches(other, 'completed', 'completed_active');
    assert.equal(bench.store.resolve(id).approvals[0]?.status, 'pending');
  });
});

describe('live rules', () => {
  it('keep their last valid state while the file is invalid, with one warning', async (context) => {
    const folder = tempFolder(context);
    const lines: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => void lines.push(message) };
    const rules = new LiveSettings({ folder, logger, env: machineOf(folder) });
    await rememberRules(folder, [allowTests], machineOf(folder));
    const good = await rules.rules();
    assert.deepEqual(good, [allowTests]);
    assert.equal(await rules.rules(), good, 'the same list');
    write(folder, '{ "rules": [');
    for (let time = 0; time < 3; time += 1) assert.equal(await rules.rules(), good);
    assert.equal(lines.filter((line) => /config\.json.*stay as they were/s.test(line)).length, 1, lines.join('\n'));
    write(folder, '{ "rules": [{ "deny": "everything" }] }');
    assert.equal(await rules.rules(), good);
    assert.equal(lines.length, 2, 'another problem is told, too');
    write(folder, '{}');
    assert.deepEqual(await rules.rules(), []);
    assert.equal(lines.length, 2);
  });

  it('allow nothing while a never parsed file is invalid, since its deny and ask rules are unknown', async (context) => {
    const folder = tempFolder(context);
    const env = machineOf(folder);
    const lines: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => void lines.push(message) };
    mkdirSync(dirname(machineSettingsFile(env)), { recursive: true });
    const deny: PermissionRule = { deny: 'web_search' };
    writeFileSync(machineSettingsFile(env), JSON.stringify({ policy: 'standard', rules: [allowTests, deny] }));
    write(folder, '{ "rules": [{ "deny": "command", "pattern": "npm test *" }');
    const rules = new LiveSettings({ folder, logger, env });
    const strict = await rules.rules();
    assert.deepEqual(strict, [deny]);
    assert.equal(await rules.rules(), strict, 'the same list');
    assert.match(rules.withheld ?? '', /config\.json.*Nothing is allowed by a rule until that is put right/s);
    assert.deepEqual(lines, [rules.withheld]);
    write(folder, '{}');
    assert.ok((await rules.rules()).length > 50);
    assert.equal(rules.withheld, undefined);
    write(folder, '{');
    assert.ok((await rules.rules()).length > 50, 'now there are good ones');
    assert.match(lines.at(-1) ?? '', /stay as they were/);
  });

  it('ask about everything in that case and log the reason in the task', async (context) => {
    const folder = tempFolder(context);
    const env = machineOf(folder);
    mkdirSync(dirname(machineSettingsFile(env)), { recursive: true });
    writeFileSync(machineSettingsFile(env), JSON.stringify({ rules: [allowTests] }));
    write(folder, '{ "rules": ');
    const bench = await workerBench(context, { folder });
    const { id } = await bench.run({ title: 'A', tool: 'tool-user', description: asks('npm test') });
    await bench.reaches(id, 'paused');
    write(folder, '{}');
    await changed(bench);
    const task = await bench.reaches(id, 'completed', 'completed_active');
    assert.equal(task.approvals[0]?.rule, 'allow command "npm test *"');
    const said = task.logs.filter(({ message }) => /config\.json.*Nothing is allowed by a rule/s.test(message));
    assert.equal(said.length, 1);
  });
});
