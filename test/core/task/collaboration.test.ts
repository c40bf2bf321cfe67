import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { promptFor } from '../../../src/core/agent/prompt.ts';
import { isFinal, needsAcceptance } from '../../../src/core/task/collaboration.ts';
import { interrupt } from '../../../src/core/task/run.ts';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { applyUpdate } from '../../../src/core/task/update.ts';
import { at, newTask, patched, refusal } from '../fixtures.ts';

const agent = { title: 'x', tool: 'OPENCODE' as never };
const workflow = [{ agent: 'OPENCODE', phase: 'design' }];

describe('the collaboration mode of a task (F207)', () => {
  it('is validated at creation and at each change', () => {
    assert.equal(newTask({ ...agent, collaborationMode: 'supervised' }).collaboration_mode, 'supervised');
    refusal(() => newTask({ ...agent, collaborationMode: 'helping' as never }), 'InvalidInput');
    refusal(() => newTask({ title: 'x', tool: 'SHELL', collaborationMode: 'assisted' }), 'InvalidInput');
    refusal(() => newTask({ title: 'x', tool: undefined, workflow, collaborationMode: 'assisted' }), 'InvalidInput');
    const task = newTask({ ...agent, collaborationMode: 'assisted' });
    refusal(() => applyUpdate(task, { tool: 'SHELL' }, at(1)), 'InvalidInput');
    refusal(() => applyUpdate(task, { workflow }, at(1)), 'InvalidInput');
    const autonomous = patched(task, applyUpdate(task, { collaboration_mode: 'autonomous', tool: 'SHELL' }, at(1)));
    assert.equal(autonomous.collaboration_mode, 'autonomous');
    assert.equal(patched(task, applyUpdate(task, { collaboration_mode: null }, at(1))).collaboration_mode, undefined);
  });

  it('lets only a person complete an assisted task, also after the loss of the worker', () => {
    const assisted = newTask({ ...agent, collaborationMode: 'assisted' });
    assert.deepEqual([needsAcceptance(assisted), needsAcceptance(newTask(agent))], [true, false]);
    const open = { ...assisted, status: 'completed_active', started_at: at(0) } as TaskRecord;
    assert.equal(patched(open, interrupt(open, at(1))).status, 'completed_active');
    assert.match(promptFor(assisted), /Begin with a proposal/);
    assert.doesNotMatch(promptFor(newTask(agent)), /proposal/);
  });

  it('recognizes the last proposal by its last line', () => {
    for (const text of ['TASK DONE', 'Fine.\n\n**TASK DONE**\n', 'x\n`TASK DONE`.']) assert.ok(isFinal(text), text);
    for (const text of ['', 'TASK DONE\nI propose more.', 'The TASK DONE line', 'task done']) assert.ok(!isFinal(text));
  });
});
