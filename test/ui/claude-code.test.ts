import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { claudeCode as agent } from '../agents/real/agents/claude-code.ts';
import { turnsOf } from '../agents/real/bench.ts';
import { installOrSkip } from '../agents/real/install.ts';
import { Desk } from '../support/desk.ts';
import { type ScriptedModel, startScriptedModel } from '../support/scripted-model/server.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

const { program, skip } = await installOrSkip(agent.package);

// The real Claude Code on a task that a person creates, decides, reviews and merges in one window.
describe('a task of Claude Code in the window', { skip }, () => {
  const environment = { ...process.env };
  let desk: Desk;
  let model: ScriptedModel;
  let window: Window;

  const card = () => window.webview().getByRole('listitem').filter({ hasText: 'Write a notice' });
  const shown = async (): Promise<{ status: string; approvals: { status: string; notes?: string }[] }> =>
    JSON.parse(await desk.cli('task', 'show', '1', '--json'));

  before(async () => {
    desk = await Desk.make('claude-code');
    model = await startScriptedModel(
      agent.api,
      turnsOf(agent, [
        { tools: [{ kind: 'write', path: 'NOTICE.txt', content: 'Counted.\n' }] },
        { tools: [{ kind: 'write', path: 'NOTICE.txt', content: 'Counted with care.\n' }] },
        { text: 'The notice is there.' },
      ]),
    );
    // The editor takes PATH from the login shell, so that the program is configured.
    const settings = path.join(desk.base, 'config', 'systemprompt');
    mkdirSync(settings, { recursive: true });
    const agents = { [agent.name]: { command: program, startSeconds: 600 } };
    writeFileSync(path.join(settings, 'config.json'), JSON.stringify({ agents }));
    process.env.XDG_CONFIG_HOME = path.dirname(settings);
    Object.assign(process.env, agent.machine, await agent.configure(desk.base, model.baseURL));
    window = await desk.open({ 'systemprompt.notifyApprovals': false });
  });

  after(async () => {
    // The session of the agent ends with its task, whatever became of the test.
    await desk?.cli('task', 'cancel', '1').catch(() => {});
    await model?.close();
    await desk?.close();
    process.env = environment;
  });

  it('is created in the form and asks with the change', async () => {
    await window.runCommand('SystemPrompt Tasks: New Task…');
    const form = window.webview(-1);
    const title = form.getByRole('textbox', { name: 'Title' });
    await title.fill('Write a notice');
    await form.getByRole('button', { name: /^Edit Agent/ }).click();
    await window.step('agents', () => window.quickInput.getByRole('option', { name: /Claude Code/ }).waitFor());
    await window.pick(/Claude Code/);
    await window.step('form', () => form.getByRole('button', { name: 'Edit Agent: CLAUDECODE' }).waitFor());
    await window.step('instructions', () =>
      form.getByRole('textbox', { name: 'Instructions' }).fill('Write NOTICE.txt.'),
    );
    await title.press('Enter');
    await window.row(/Task 1 asks: /).waitFor();
    await window.runCommand('SystemPrompt Tasks: Open Approvals');
    await window.step('asks', () => card().locator('.diff .added', { hasText: 'Counted.' }).waitFor());
    assert.equal((await shown()).status, 'paused');
  });

  it('continues with the reason of a rejection, and asks again', async () => {
    await card().getByRole('button', { name: 'Reject…' }).click();
    await card().getByRole('textbox').fill('Say how it is counted.');
    await window.step('reason', () => card().getByRole('button', { name: 'Reject', exact: true }).click());
    await window.step('asks again', () => card().locator('.diff .added', { hasText: 'Counted with care.' }).waitFor());
    await card().getByRole('button', { name: 'Approve', exact: true }).click();
    await until('the turn has ended', async () => (await shown()).status === 'completed_active');
    assert.ok(
      model.requests.some(({ text }) => text.includes('Say how it is counted.')),
      'the model has the reason',
    );
    assert.deepEqual(
      (await shown()).approvals.map(({ status, notes }) => [status, notes]),
      [
        ['rejected', 'Say how it is counted.'],
        ['approved', undefined],
      ],
    );
    assert.equal(existsSync(path.join(desk.folder, 'NOTICE.txt')), false, 'the work is in its own worktree');
  });

  it('is completed, reviewed as a diff and merged', async () => {
    await window.pressOnRow(/Task 1, Write a notice/, 'Complete');
    await window.row(/Task 1, Write a notice, Completed.*changes to review/).waitFor();
    await window.pressOnRow(/Task 1, Write a notice/, 'Review Changes');
    await window.step('review', () =>
      until('the diff is drawn', async () => (await window.visibleText('editor')).includes('Counted with care.')),
    );
    await window.row(/Task 1, Write a notice/).click({ button: 'right' });
    await window.step('menu', () => window.page.getByRole('menuitem', { name: 'Merge…' }).waitFor());
    await window.page.getByRole('menuitem', { name: 'Merge…' }).click();
    await window.step('merge', () => window.pick(/Merge the commits/));
    await window.step('merged', () => window.notification(/Merged task #1/).waitFor());
    assert.equal(readFileSync(path.join(desk.folder, 'NOTICE.txt'), 'utf8'), 'Counted with care.\n');
  });
});
