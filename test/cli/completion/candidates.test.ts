import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { candidatesFor } from '../../../src/cli/completion/candidates.ts';

const tasks = async () => [
  { number: 12, title: 'Fix the \u001b[31mlogin' },
  { number: 3, title: 'Tag' },
];

async function words(...typed: string[]): Promise<string[]> {
  return (await candidatesFor(typed, tasks)).map(({ word }) => word);
}

describe('completion', () => {
  it('offers commands, then those of a group', async () => {
    assert.ok((await words('')).includes('task'));
    assert.deepEqual(await words('ta'), ['task']);
    assert.ok((await words('task', '')).includes('create'));
    assert.deepEqual(await words('task', 'unarch'), ['unarchive']);
  });

  it('offers tasks with clean titles where a task can stand', async () => {
    assert.deepEqual(await words('task', 'start', ''), ['12', '3']);
    assert.deepEqual(await words('task', 'start', '12', ''), ['12', '3']);
    assert.deepEqual(await words('task', 'show', '1'), ['12']);
    const [first] = await candidatesFor(['task', 'show', ''], tasks);
    assert.equal(first?.text.includes('\u001b'), false);
  });

  it('offers options, and the values of an option', async () => {
    assert.deepEqual(await words('task', 'create', 'Title', '--prio'), ['--priority']);
    assert.deepEqual(await words('task', 'create', 'Title', '--priority', ''), ['critical', 'high', 'medium', 'low']);
    assert.deepEqual(await words('task', 'create', 'Title', '--depends-on', ''), ['12', '3']);
    assert.deepEqual(await words('task', 'create', '--description', ''), []);
  });

  it('does not ask for tasks where none can stand', async () => {
    const none = async (): Promise<never> => assert.fail('tasks were read');
    await candidatesFor(['task', 'create', '--'], none);
    await candidatesFor(['queue', ''], none);
  });
});
