import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderOf } from '../../../src/core/agent/order.ts';
import { promptFor } from '../../../src/core/agent/prompt.ts';
import { endTurn, interrupt } from '../../../src/core/task/run.ts';
import { taskRecordSchema } from '../../../src/core/task/schema.ts';
import { restart } from '../../../src/core/task/start.ts';
import { applyUpdate } from '../../../src/core/task/update.ts';
import { currentStep, hasNextStep, modelOf, stepIndex } from '../../../src/core/task/workflow.ts';
import { at, executionOf, leaseOf, newTask, patched, refusal, taskWith } from '../fixtures.ts';

const workflow = [
  { agent: 'CLAUDECODE', phase: 'design', description: 'Draw it.', model: 'opus' },
  { agent: 'SHELL', phase: 'build', instructions: '\ufeffmake' },
  { agent: 'CODEX', phase: 'review', instructions: 'Look at the changes.' },
];
const task = newTask({ tool: undefined, title: 'Add login', assignee: 'haiku', workflow });
const running = taskWith({
  ...task,
  status: 'in_progress',
  started_at: at(0),
  lease: leaseOf('w1'),
  executions: [{ ...executionOf('e1'), step: 0 }],
});
const done = (message: string) => ({ kind: 'completed', stopReason: 'end_turn', result: { message } }) as const;
const second = patched(running, endTurn(running, 'e1', done('Drawn.'), true, at(1)));

test('a task has the agent of its first step, and no workflow fields without a workflow', () => {
  assert.equal(task.tool, 'CLAUDECODE');
  assert.deepEqual([stepIndex(task), hasNextStep(task), modelOf(task)], [0, true, 'opus']);
  const plain = newTask({ title: 'x', assignee: 'haiku' });
  assert.equal('workflow' in plain, false);
  assert.deepEqual([currentStep(plain), hasNextStep(plain), modelOf(plain)], [undefined, false, 'haiku']);
  const error = refusal(() => newTask({ title: 'x', tool: 'SHELL', workflow }), 'InvalidInput');
  assert.match(error.message, /for SHELL, but its workflow begins with CLAUDECODE/);
  refusal(() => newTask({ title: 'x', tool: undefined, workflow: [] }), 'InvalidInput', 'TooLarge');
});

test('a completed turn leads to the next step, with the note of the agent', () => {
  assert.deepEqual([second.status, second.step, second.tool], ['in_progress', 1, 'SHELL']);
  assert.deepEqual([second.executions[0]?.outcome, second.executions[0]?.handoff], ['completed', 'Drawn.']);
  assert.equal(promptFor(second), 'make');
  const third = patched(second, { step: 2, tool: 'CODEX' });
  assert.equal(patched(third, endTurn(third, 'e1', done('Fine.'), false, at(2))).status, 'completed');
});

test('a failed turn and a turn that ends with a question stay at their step', () => {
  const failure = { kind: 'failed', stopReason: 'error', error: 'It broke.', errorCode: 'AgentFailed' } as const;
  const failed = patched(running, endTurn(running, 'e1', failure, false, at(1)));
  assert.deepEqual([failed.status, failed.step], ['failed', undefined]);
  const question = { title: 'Which colour?', message: 'Which colour?' };
  const asking = patched(running, endTurn(running, 'e1', done('Which colour?'), true, at(1), question));
  assert.deepEqual([asking.status, asking.pause_reason, asking.step], ['paused', 'approval', undefined]);
});

test('a task whose worker is lost between two steps can be resumed', () => {
  const script = { ...executionOf('e1'), resumable: false, ended_at: at(1), step: 0 };
  const between = patched(second, { executions: [script] });
  assert.equal(patched(between, interrupt(between, at(2))).queued_at, at(2));
  const within = patched(second, { executions: [{ ...script, step: 1, ended_at: undefined }] });
  assert.equal(patched(within, interrupt(within, at(2))).queued_at, undefined, 'a script is not run twice unasked');
});

test('a restart begins at the first step, or at the failed one', () => {
  const completed = taskWith({ ...second, status: 'completed', step: 2, tool: 'CODEX' });
  const again = patched(completed, restart(completed, at(3)));
  assert.deepEqual([again.step, again.tool], [undefined, 'CLAUDECODE']);
  const failed = taskWith({ ...second, status: 'failed' });
  const retried = patched(failed, restart(failed, at(3)));
  assert.deepEqual([retried.step, retried.tool], [1, 'SHELL']);
});

test('a new agent for the task replaces the agent of the current step', () => {
  const other = patched(second, applyUpdate(second, { tool: 'OPENCODE' }, at(2)));
  assert.deepEqual(
    [other.tool, currentStep(other)?.agent, other.workflow?.[0]?.agent],
    ['OPENCODE', 'OPENCODE', 'CLAUDECODE'],
  );
});

test('a prompt contains the own step and the notes before it, and a person sees all steps', () => {
  const third = patched(second, { step: 2, tool: 'CODEX' });
  const prompt = promptFor(third);
  assert.match(prompt, /^# Add login\n\n## Step 3 of 3: review \(CODEX\)\n\nLook at the changes\./);
  assert.match(prompt, /## Note of CLAUDECODE from the step "design"\n\nDrawn\./);
  assert.doesNotMatch(prompt, /Draw it|make/);
  assert.match(promptFor(task), /Do this step only/);
  for (const words of ['design (CLAUDECODE)\n\nDraw it.', 'build (SHELL)\n\n\ufeffmake', 'Look at the changes.']) {
    assert.ok(orderOf(task).includes(words), words);
  }
  assert.equal(orderOf(task), orderOf(third), 'the same at each step');
});

test('a record from a file may have a step past the end and unknown keys', () => {
  const record = { ...task, step: 9, workflow: workflow.map((step) => ({ ...step, later: true })) };
  const parsed = taskRecordSchema.parse(record);
  assert.deepEqual([stepIndex(parsed), (currentStep(parsed) as { later?: unknown } | undefined)?.later], [2, true]);
});
