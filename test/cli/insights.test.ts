import { describe, it } from 'node:test';
import { cli } from './cli.ts';
import { golden } from './golden.ts';

describe('insights', () => {
  it('explain that there are too few tasks, then show the evidence and the action (F232)', async (context) => {
    const run = cli(context);
    for (const title of ['First', 'Second', 'Third']) {
      await run.ok('task', 'create', title, '--assigned-to', 'SHELL', '--instructions', 'exit 3');
    }
    const before = await run.ok('insights');
    await run('task', 'start', '1', '2', '3', '--wait');
    golden('insights', `${before}\n${await run.ok('insights')}`);
  });
});
