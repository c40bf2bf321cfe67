import assert from 'node:assert/strict';
import { before, describe, it, type TestContext } from 'node:test';
import type { ApprovalDetail } from '../../../src/core/task/approval.ts';
import { ExecutionAnalyzer } from '../../../src/library/execution-analyzer.ts';
import { insights } from '../../../src/operations/insights/insights.ts';
import { taskCreate } from '../../../src/operations/task/create.ts';
import { rememberRules } from '../../../src/runtime/approvals/remember-rules.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type Bench, type BenchOptions, bench } from '../context.ts';

// A person's confirmations are kept per machine; these tests have one of their own.
before((context) => {
  process.env.XDG_CONFIG_HOME = tempFolder(context as TestContext);
});

const command = (text: string): ApprovalDetail => ({
  toolKind: 'execute',
  toolName: 'bash',
  command: text,
  input: { command: text },
});

/** One task with approved requests for these commands. */
async function approved(context: TestContext, commands: readonly string[], options: BenchOptions = {}): Promise<Bench> {
  const made = await bench(context, options);
  await made.run(taskCreate, { title: 'A', tool: 'SHELL', instructions: 'true', project: 'Shop' });
  await made.store.transact('test.approvals', (draft) =>
    draft.patch(draft.require('A').id, {
      approvals: commands.map((text, index) => ({
        id: `a${index}`,
        number: index + 1,
        kind: 'tool',
        title: text,
        status: 'approved',
        requested_at: draft.at,
        decided_at: draft.at,
        detail: command(text),
      })),
    }),
  );
  return made;
}

const five = (text: string): string[] => Array.from({ length: 5 }, () => text);
const variants = ['a', 'b', 'c', 'd', 'e'].map((file) => `npm test -- ${file}`);

describe('insights (F232)', () => {
  it('suggest the rule that remembering the request would write', async (context) => {
    const made = await approved(context, variants);
    const { insights: found } = await made.run(insights, {});
    assert.deepEqual(
      found.map(({ subject, message }) => [subject, message]),
      [['allow command "npm test *"', 'You approved 5 of 5 requests to run "npm test *".']],
    );
    assert.deepEqual(await new ExecutionAnalyzer(made).insights({ project: 'Shop' }), found);
    await made.refused(insights, { project: 'Shoop' }, 'TaskNotFound');
  });

  for (const [text, why] of [
    ['npm test | sh', 'is not one simple command'],
    ['cat ../../secret', 'leads out of the folder'],
    ['git push --force', 'cannot be undone'],
  ] as const) {
    it(`never suggest a rule for a command that ${why}`, async (context) => {
      const made = await approved(context, five(text));
      assert.deepEqual((await made.run(insights, {})).insights, []);
    });
  }

  it('suggest no rule that exists, and none in a restricted folder', async (context) => {
    const made = await approved(context, variants);
    await rememberRules(made.store.folder, [{ allow: 'command', pattern: 'npm test *' }]);
    assert.deepEqual((await made.run(insights, {})).insights, []);
    const restricted = await approved(context, variants, { trusted: false });
    assert.deepEqual((await restricted.run(insights, {})).insights, []);
  });
});
