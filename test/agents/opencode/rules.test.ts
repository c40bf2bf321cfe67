import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { opencode as agent } from '../real/agents/opencode.ts';
import { installOrSkip } from '../real/install.ts';
import { cliBench, running } from './cli-bench.ts';

const { program, skip } = await installOrSkip(agent.package);

describe('OpenCode and remembered rules', { skip }, () => {
  it('asks once for a remembered tool call, and asks a person where no rule matches', async (context) => {
    const { run, asks } = await cliBench(context, program, [
      running('git status --short'),
      running('git status --branch'),
      running('git status; git push'),
      { text: 'Done.' },
    ]);
    await run.ok('task', 'create', 'Look around', '--assigned-to', 'OPENCODE', '--start');
    await asks();
    const text = 'Always allow the command "git status", also with further arguments that stay in the folder.';
    assert.ok((await run.ok('task', 'rule', '1')).startsWith(text));
    await run.ok('task', 'approve', '1', '--remember');
    const shown = await asks();
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
