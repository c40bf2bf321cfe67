import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OutputOf } from '../../../src/operations/all.ts';
import { testRepository } from '../../runtime/worktrees/repository.ts';
import { opencode } from './agents/opencode.ts';
import { makeBench, Releases, type Script } from './bench.ts';
import { installOrSkip } from './install.ts';

const { program, skip } = await installOrSkip(opencode.package);

/** The model reads a file, then proposes changes by the keys in its order. */
const script: Script = (conversation) => {
  if (!conversation.includes('currency: EUR')) return { tools: [{ kind: 'read', path: 'facts.txt' }] };
  const key = /\[([^\]]*\w)\] Read the prices/.exec(conversation)?.[1] ?? 'no key';
  const changes = {
    change: [{ key, title: 'Read the prices in EUR' }],
    add: [{ key: 'rounding', title: 'Test the rounding', dependsOn: [key] }],
  };
  return { text: `Here it is.\n\n\`\`\`json\n${JSON.stringify(changes)}\n\`\`\`` };
};

describe('OpenCode refines a plan', { skip }, () => {
  it('by a file that it read, once for the preview and the creation', async (context) => {
    const releases = new Releases();
    context.after(() => releases.run());
    const { model, run, task } = await makeBench(releases, opencode, program, script);
    const spec = '# Prices\n\n- [ ] Read the prices\n- [ ] Write the list\n';
    testRepository(run.folder).commit({ 'prices.md': spec, 'facts.txt': 'currency: EUR\n' });
    const plan = async (...flags: string[]): Promise<OutputOf<'plan.from-spec'>> =>
      JSON.parse(await run.ok('plan', 'from-spec', 'prices.md', '--agent', 'OPENCODE', '--json', ...flags));

    const { applied, refinement, tasks } = await plan('--dry-run');
    assert.equal(applied, false);
    assert.deepEqual(
      refinement?.structure.map(({ title }) => title),
      ['Read the prices', 'Write the list'],
    );
    assert.deepEqual(
      refinement?.differences.map(({ change, before, title }) => [change, before, title]),
      [
        ['changed', 'Read the prices', 'Read the prices in EUR'],
        ['added', undefined, 'Test the rounding'],
      ],
    );
    assert.deepEqual(
      tasks.map(({ title }) => title),
      ['Read the prices in EUR', 'Write the list', 'Test the rounding'],
    );

    const requests = model.requests.length;
    const created = await plan();
    assert.deepEqual([created.applied, created.refinement?.task, model.requests.length], [true, 1, requests]);
    const [reading, testing] = [await task('2'), await task('4')];
    assert.deepEqual([testing.title, testing.depends_on], ['Test the rounding', [reading.id]]);
  });
});
