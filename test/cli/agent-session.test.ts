import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fakeAgentPath } from '../support/fake-agent.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type Cli, cli, until } from './cli.ts';

/** A fake agent stands in OpenCode's place on PATH; all else is real: command line, store, worker, protocol. */
describe('an agent with a session, driven by the command line', () => {
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

  it('asks, is answered from elsewhere, keeps its session for a follow-up, and is accepted', async (context) => {
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
});
