import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cli } from '../../cli/cli.ts';
import { type ModelTurn, startScriptedModel } from '../../support/scripted-model.ts';
import { until } from '../../support/temp-folder.ts';
import { opencodeEnv } from './harness.ts';
import { opencodeOrSkip } from './install.ts';

const { program, skip } = await opencodeOrSkip();

interface Shown {
  readonly approvals: readonly {
    readonly status: string;
    readonly rule?: string;
    readonly detail?: { command?: string };
  }[];
  readonly logs: readonly { readonly message: string }[];
}

const runs = (command: string): ModelTurn => ({
  text: 'Next.',
  tools: [{ name: 'bash', input: { command, description: 'Does the next step' } }],
});

describe('the real OpenCode and rules', { skip }, () => {
  it('asks once for what a person remembers, and waits for what no rule covers', async (context) => {
    const model = await startScriptedModel([
      runs('git status --short'),
      runs('git status --branch'),
      runs('git status; git push'),
      { text: 'Done.' },
    ]);
    context.after(() => model.close());
    const opencode = await opencodeEnv(program, model);
    context.after(() => opencode.remove());
    const before = { ...process.env };
    Object.assign(process.env, opencode.env);
    context.after(() => {
      for (const name of Object.keys(opencode.env)) delete process.env[name];
      Object.assign(process.env, before);
    });
    const run = cli(context);
    await run.ok('task', 'create', 'Look around', '--assigned-to', 'OPENCODE', '--start');
    const asks = async (count: number): Promise<Shown> => {
      let shown = await run.json<Shown>('task', 'show', '1');
      await until(`it asks ${count} things`, async () => {
        shown = await run.json<Shown>('task', 'show', '1');
        return shown.approvals.length === count;
      });
      return shown;
    };
    await asks(1);
    const text = 'Always allow the command "git status", also with further arguments that stay in the folder.';
    assert.ok((await run.ok('task', 'rule', '1')).startsWith(text));
    await run.ok('task', 'approve', '1', '--remember');
    const shown = await asks(2);
    assert.deepEqual(
      shown.approvals.map(({ status, rule, detail }) => [status, rule, detail?.command]),
      [
        ['approved', 'allow command "git status *"', 'git status --short'],
        ['pending', undefined, 'git status; git push'],
      ],
    );
    const said = shown.logs.map(({ message }) => message).join('\n');
    assert.match(said, /Allowed by a rule \(allow command "git status \*"\): bash: git status --branch/);
    assert.match(await run.ok('task', 'rule', '1'), /^No rule: It is not one simple command/);
    const refused = await run('task', 'approve', '1', '--remember');
    assert.deepEqual([refused.code, /No rule is written for request 2/.test(refused.stderr)], [4, true]);
    await run.ok('task', 'reject', '1');
  });
});
