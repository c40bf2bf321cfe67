import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { commandLine, stepLines } from '../../../src/cli/views/next-step.ts';
import { operationStep, shellStep, textStep } from '../../../src/core/next-step.ts';
import { operations } from '../../../src/operations/all.ts';
import type { Operation } from '../../../src/operations/operation.ts';

describe('a next step on the command line', () => {
  test('is a command on a separate line below its purpose', () => {
    assert.deepEqual(
      stepLines([
        textStep('Free disk space, and try again.'),
        operationStep('Cancel it first', 'task.cancel', { tasks: [3] }),
        shellStep('Install it', 'npm install -g opencode-ai'),
      ]),
      [
        'Free disk space, and try again.',
        'Cancel it first:',
        '  systemprompt task cancel 3',
        'Install it:',
        '  npm install -g opencode-ai',
      ],
    );
  });

  test('quotes shell metacharacters and removes unprintable characters', () => {
    const line = (input: Record<string, unknown>): string => commandLine({ operation: 'task.update', input });
    assert.equal(line({ task: "it's $HOME" }), `systemprompt task update 'it'\\''s $HOME'`);
    assert.equal(
      line({ task: 1, allowedTools: ['run:npm test', 'web'] }),
      `systemprompt task update 1 --allowed-tools 'run:npm test,web'`,
    );
    assert.equal(line({ task: 1, allowedTools: null }), 'systemprompt task update 1 --allowed-tools none');
    assert.ok(!line({ task: '1\u001b[2J\nrm -rf ~' }).includes('\n'));
  });

  test('names the values to fill in', () => {
    assert.equal(
      commandLine({ operation: 'task.update', input: { task: 2 }, ask: ['budgetTokens'] }),
      'systemprompt task update 2 --budget-tokens N',
    );
    assert.equal(
      commandLine({ operation: 'task.follow-up', input: { task: 2 }, ask: ['prompt'] }),
      'systemprompt task follow-up 2 "…"',
    );
  });

  test('passes positional arguments of the operation by position', async () => {
    for (const { name, positional } of await loadedOperations()) {
      const input = Object.fromEntries(positional.map((key, index) => [key, `value${index}`]));
      const expected = ['systemprompt', ...name.split('.'), ...positional.map((_, index) => `value${index}`)];
      assert.equal(commandLine({ operation: name, input }), expected.join(' '), name);
    }
  });
});

function loadedOperations(): Promise<Operation[]> {
  return Promise.all(Object.values(operations).map((operation) => operation.load() as unknown as Promise<Operation>));
}

/** Every `operationStep(label, 'name', { keys }, [asked])` in the code. */
function* stepsInCode(): Generator<{ file: string; name: string; keys: string[] }> {
  for (const entry of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts')) continue;
    const text = readFileSync(join('src', entry), 'utf8');
    for (const [, name = '', input = '', ask = ''] of text.matchAll(
      /operationStep\(\s*(?:'[^']*'|`[^`]*`|\w+),\s*'([^']+)'(?:,\s*\{([^}]*)\})?(?:,\s*\[([^\]]*)\])?/g,
    )) {
      const keys = [...input.matchAll(/(?:^|,)\s*(\w+)/g), ...ask.matchAll(/'(\w+)'/g)].map(([, key = '']) => key);
      yield { file: entry, name, keys };
    }
  }
}

test('names an operation and keys of its input, everywhere in the code', async () => {
  const loaded = await loadedOperations();
  const steps = [...stepsInCode()];
  assert.ok(steps.length > 30, `found ${steps.length}`);
  for (const { file, name, keys } of steps) {
    const operation = loaded.find((candidate) => candidate.name === name);
    assert.ok(operation !== undefined, `${file}: ${name}`);
    for (const key of keys) assert.ok(key in operation.input.shape, `${file}: ${name} has no ${key}`);
  }
});

test('is the only source of command lines in the product', () => {
  for (const layer of ['core', 'store', 'runtime', 'agents', 'operations']) {
    for (const entry of readdirSync(join('src', layer), { recursive: true, encoding: 'utf8' })) {
      if (!entry.endsWith('.ts')) continue;
      const text = readFileSync(join('src', layer, entry), 'utf8').replace(/^\s*(?:\*|\/\/|\/\*).*$/gm, '');
      const spelled = /systemprompt (?:task|queue|agents|worktrees|gc|doctor|worker|status|metrics)\b.*/.exec(
        text,
      )?.[0];
      assert.equal(spelled, undefined, `${layer}/${entry}`);
    }
  }
});
