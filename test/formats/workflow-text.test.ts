import assert from 'node:assert/strict';
import { it } from 'node:test';
import { TaskError } from '../../src/core/errors.ts';
import { readWorkflow } from '../../src/formats/workflow-text.ts';

it('reads phases with agents and models, from words and from YAML', () => {
  assert.deepEqual(readWorkflow('design:CLAUDECODE, build: OPENCODE/anthropic/opus ,review:GEMINI'), [
    { phase: 'design', agent: 'CLAUDECODE' },
    { phase: 'build', agent: 'OPENCODE', model: 'anthropic/opus' },
    { phase: 'review', agent: 'GEMINI' },
  ]);
  const list = [{ phase: 'test', agent: 'SHELL', checks: ['npm test'] }];
  assert.deepEqual(readWorkflow(JSON.stringify(list)), list);
  assert.deepEqual(readWorkflow('- phase: test\n  agent: SHELL\n  checks: [npm test]\n'), list);
  assert.deepEqual(readWorkflow('workflow:\n  - { phase: test, agent: SHELL, checks: [npm test] }\n'), list);
});

for (const text of [
  '',
  'design',
  ':SHELL',
  'design:',
  'a:SHELL,,b:SHELL',
  'a:/model',
  '- [',
  '- "',
  'phases:\n  - a',
]) {
  it(`refuses ${JSON.stringify(text)} as a workflow`, () => {
    assert.throws(
      () => readWorkflow(text),
      (error) => TaskError.is(error, 'InvalidInput'),
    );
  });
}
