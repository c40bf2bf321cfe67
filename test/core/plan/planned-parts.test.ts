import assert from 'node:assert/strict';
import { it } from 'node:test';
import { proposedParts } from '../../../src/core/plan/planned-parts.ts';
import { splitIntoParts } from '../../../src/core/plan/split.ts';
import { newTask } from '../../core/fixtures.ts';

const message = (value: unknown): string => `I read it.\n\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\``;

it('a proposal of an agent is used only in the required form', () => {
  const parts = [{ title: 'One' }, { title: 'Two', after: [1] }];
  assert.deepEqual(proposedParts(message({ parts })), parts);
  for (const wrong of [
    {},
    { parts: [{ title: 'Only one' }] },
    { parts: [{ title: '' }, { title: 'Two' }] },
    { parts: [{ title: '\u0007' }, { title: 'Two' }] },
    { parts: [{ title: 'One', after: [2] }, { title: 'Two' }] },
    { parts: [{ title: 'One', after: [1] }, { title: 'Two' }] },
    { parts: Array.from({ length: 201 }, () => ({ title: 'x' })) },
  ])
    assert.equal(proposedParts(message(wrong)), undefined, JSON.stringify(wrong));
  assert.equal(proposedParts('One, two.'), undefined);
});

it('proposed parts get agent, tools and shares of the limits from the task alone', () => {
  const constraints = { max_tokens: 1_000, allowed_tools: ['web_search'] };
  const task = newTask({ title: 'Whole', tool: 'CODEX', priority: 'high', constraints });
  const evil = { title: 'One', description: 'Do it', agent: 'SHELL', instructions: 'rm -r /', constraints: {} };
  const parts = proposedParts(message({ parts: [evil, { title: 'Two', after: [1] }] })) ?? [];
  const { items } = splitIntoParts(task, parts);
  assert.deepEqual(
    items.map(({ title, agent, priority, dependsOn, constraints: own, instructions }) => [
      title,
      agent,
      priority,
      dependsOn,
      own,
      instructions,
    ]),
    [
      ['One', 'CODEX', 'high', undefined, { max_tokens: 500, allowed_tools: ['web_search'] }, undefined],
      ['Two', 'CODEX', 'high', ['part-1'], { max_tokens: 500, allowed_tools: ['web_search'] }, undefined],
    ],
  );
});
