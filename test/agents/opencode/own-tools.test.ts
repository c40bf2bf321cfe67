import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ModelReply } from '../../support/scripted-model/turn.ts';
import { until } from '../../support/temp-folder.ts';
import { opencode as agent } from '../real/agents/opencode.ts';
import { installOrSkip } from '../real/install.ts';
import { cliBench } from './cli-bench.ts';

const { program, skip } = await installOrSkip(agent.package);

/** A turn that calls one of the tools for the own task, by the name that the agent gives it. */
function calling(tool: string, input: Record<string, unknown>): ModelReply {
  return {
    reply(_conversation, { tools }) {
      const name = tools.find((each) => /^systemprompt_/.test(each) && each.endsWith(`_${tool}`));
      assert.ok(name !== undefined, `${tool} is offered: ${tools.join(', ')}`);
      return { tools: [{ name, input }] };
    },
  };
}

describe('OpenCode with the tools for its task', { skip }, () => {
  it('reports progress, asks, creates a part, is refused another task and hands over', async (context) => {
    const { run, asks, reaches, show, model } = await cliBench(context, program, [
      calling('task_progress', { percent: 30, message: 'Found the cause' }),
      calling('task_ask', { question: 'Shall I change the API?' }),
      calling('task_create_part', { title: 'Update the clients' }),
      calling('task_current', { task: 1 }),
      calling('task_hand_over', { done: 'Changed the API', open: ['The clients'] }),
      { text: 'Done.' },
    ]);
    await run.ok('task', 'create', 'Other');
    await run.ok('task', 'create', 'Change the API', '--assigned-to', 'OPENCODE');
    await run.ok('task', 'start', '2');
    const asking = await asks('2');
    assert.equal(asking.approvals[0]?.kind, 'feedback');
    assert.equal(asking.approvals[0]?.title, 'Shall I change the API?');
    await run.ok('task', 'answer', '2', 'Yes, but keep the old name.');
    const ended = await reaches('completed_active', '2');
    assert.match(model.requests[2]?.text ?? '', /keep the old name/);
    assert.match(model.requests[4]?.text ?? '', /neither your task nor a part/);
    const messages = async (): Promise<string> => JSON.stringify((await show('2')).logs);
    await until('the log has it all', async () => /Found the cause/.test(await messages()));
    assert.match(await messages(), /Refused: the agent asked for the task \\"1\\"/);
    assert.match(await messages(), /"note":\{"done":"Changed the API","open":\["The clients"\]\}/);
    const part = await show('3');
    assert.equal(part.status, 'pending');
    assert.deepEqual(
      ended.approvals.map(({ kind }) => kind),
      ['feedback'],
      'no other request',
    );
    await run.ok('task', 'complete', '2');
  });
});
