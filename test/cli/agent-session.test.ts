import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fakeAgentPath } from '../support/fake-agent.ts';
import { tempFolder, until } from '../support/temp-folder.ts';
import { type Cli, cli } from './cli.ts';

/** A fake agent stands in OpenCode's place on PATH; all else is real: command line, store, worker, protocol. */
describe('an agent with a session, through the command line', () => {
  const { PATH = '' } = process.env;
  const cleanups: (() => void)[] = [];
  before(() => {
    const folder = tempFolder({ after: (cleanup) => void cleanups.push(cleanup as () => void) });
    const program = join(folder, 'opencode');
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${fakeAgentPath('careful')}'\n`);
    chmodSync(program, 0o755);
    process.env.PATH = `${folder}${delimiter}${PATH}`;
  });
  after(() => {
    process.env.PATH = PATH;
    for (const cleanup of cleanups) cleanup();
  });

  const asks = (run: Cli, title: string): Promise<void> =>
    until(`it asks: ${title}`, async () => (await run.ok('task', 'show', '1')).includes(`: ${title}\n`));

  it('asks, gets an answer from another process, keeps its session for a follow-up, and is accepted', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'Raise the limit', '--assigned-to', 'OPENCODE');
    const waiting = run.start('task', 'start', '1', '--wait');
    await asks(run, 'Edit src/words.js');
    assert.match(await run.ok('task', 'show', '1'), /\n +- const limit = 10;\n +\+ const limit = 20;\n/);
    await run.ok('task', 'approve', '1', '--notes', 'fine');
    await asks(run, 'Run the tests');
    await run.ok('task', 'reject', '1', '--request', '2', '--reason', 'not here');
    const { code, stdout } = await waiting.finished;
    assert.equal(code, 0, stdout);
    assert.match(stdout, /waits for you: systemprompt task approve 1 /);
    assert.match(stdout, /◐ completed_active[\s\S]*systemprompt task follow-up 1/);
    assert.match(await run.ok('task', 'logs', '1', '--type', 'agent'), /Edit: allow_once. Tests: reject_once\./);

    await run.ok('task', 'follow-up', '1', 'and now talk');
    await until('it has answered', async () => (await run.ok('task', 'logs', '1')).includes('Done, as you asked.'));
    await until('its turn has ended', async () => (await run.ok('task', 'list')).includes('◐ completed_active'));
    assert.match(await run.ok('task', 'complete', '1'), /✓ completed/);
    const task = await run.json<{ approvals: { status: string; notes: string }[] }>('task', 'show', '1');
    assert.deepEqual(
      task.approvals.map(({ status, notes }) => [status, notes]),
      [
        ['approved', 'fine'],
        ['rejected', 'not here'],
      ],
    );
  });

  it('shows the rule, remembers it, and applies it to every task of the folder', async (context) => {
    const run = cli(context);
    for (const title of ['One', 'Two']) await run.ok('task', 'create', title, '--assigned-to', 'OPENCODE');
    await run.ok('task', 'start', '1', '2');
    const asked = (number: string, count: number): Promise<void> =>
      until(`#${number} asks`, async () => {
        const { approvals } = await run.json<{ approvals: unknown[] }>('task', 'show', number);
        return approvals.length === count;
      });
    await Promise.all([asked('1', 1), asked('2', 1)]);
    assert.match(
      await run.ok('task', 'rule', '1'),
      /^Always allow creating and changing files that match "src\/\*\*\/\*\.js"\.\n\{"allow":"write","pattern":"src\/\*\*\/\*\.js"\}\nWrite this rule and approve: systemprompt task approve 1 --remember --shown [0-9a-f]{64}\n$/,
    );
    assert.match(
      await run.ok('task', 'approve', '1', '--remember'),
      /\nRemembered in \.systemprompt\/config\.json: allow write "src\/\*\*\/\*\.js"\n$/,
    );
    // Both go on to their second request: the one that waited was decided by the rule.
    await Promise.all([asked('1', 2), asked('2', 2)]);
    const { approvals } = await run.json<{ approvals: { decided_by?: string; rule: string }[] }>('task', 'show', '2');
    assert.equal(approvals[0]?.decided_by, 'rule: allow write "src/**/*.js"');
    const task = await run.json<{ approvals: { rule?: string }[] }>('task', 'approve', '1', '--remember');
    assert.deepEqual(
      task.approvals.map(({ rule }) => rule),
      ['allow write "src/**/*.js"', 'allow command "npm test *"'],
    );
  });
});
