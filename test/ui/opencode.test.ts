import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type OpencodeEnvironment, opencodeEnv } from '../agents/opencode/harness.ts';
import { opencode as agent } from '../agents/real/agents/opencode.ts';
import { installOrSkip } from '../agents/real/install.ts';
import { Desk } from '../support/desk.ts';
import { chatCompletions } from '../support/scripted-model/chat.ts';
import { type ScriptedModel, startScriptedModel } from '../support/scripted-model/server.ts';
import { until } from '../support/temp-folder.ts';
import type { Window } from '../support/window.ts';

const { program, skip } = await installOrSkip(agent.package);

interface Shown {
  readonly status: string;
  readonly error?: string;
  readonly approvals: readonly { readonly status: string; readonly decided_by?: string }[];
  readonly workspace?: { readonly path: string };
  readonly lease?: unknown;
}

// The real OpenCode asks, and a person decides on the approvals page in the browser.
describe('OpenCode with decisions in the window', { skip }, () => {
  let desk: Desk;
  let model: ScriptedModel;
  let opencode: OpencodeEnvironment;
  let window: Window;

  before(async () => {
    desk = await Desk.make('opencode');
    const tools = [{ name: 'write', input: { filePath: 'NOTICE.txt', content: 'Counted with care.\n' } }];
    model = await startScriptedModel(chatCompletions, [
      { text: 'I will write the notice.', tools },
      { text: 'The notice is there.' },
    ]);
    opencode = await opencodeEnv(program, model);
    desk.env = opencode.env;
    window = await desk.open({ 'systemprompt.notifyApprovals': false });
  });

  after(async () => {
    // The session of the agent ends with its task, whatever became of the test.
    await desk?.cli('task', 'cancel', '1').catch(() => {});
    await model?.close();
    await opencode?.remove();
    await desk?.close();
  });

  async function task(): Promise<Shown> {
    return JSON.parse(await desk.cli('task', 'show', '1', '--json'));
  }

  it('waits as a card with its change, and continues after an approval there', async () => {
    await desk.cli('task', 'create', 'Write a notice', '--assigned-to', 'OPENCODE', '--start');
    await window.runCommand('SystemPrompt Tasks: Open Approvals');
    const card = window
      .webview()
      .getByRole('listitem')
      .filter({ hasText: /#1 Write a notice/ });
    await window.step('asks', async () => {
      await card.waitFor();
      await card.locator('.diff .added', { hasText: 'Counted with care.' }).waitFor();
    });
    const worktree = path.join(desk.folder, (await task()).workspace?.path ?? 'nowhere');
    assert.equal(existsSync(path.join(worktree, 'NOTICE.txt')), false, 'nothing is written before it is approved');
    await card.getByRole('button', { name: 'Approve', exact: true }).click();
    await card.waitFor({ state: 'detached' });
    await until('its turn has ended', async () => (await task()).status === 'completed_active');
    const shown = await task();
    assert.deepEqual(
      shown.approvals.map(({ status }) => status),
      ['approved'],
    );
    assert.equal(readFileSync(path.join(worktree, 'NOTICE.txt'), 'utf8'), 'Counted with care.\n');
    assert.equal(existsSync(path.join(desk.folder, 'NOTICE.txt')), false);
    await window.step('done', () => window.webview().getByText('No pending requests.').waitFor());
    await desk.cli('task', 'complete', '1');
    await until('the session is let go of', async () => (await task()).lease === undefined);
  });
});
