import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type FilePart,
  textsOfFile,
  textsOfFiles,
  textsOfOutput,
  textsOfProblem,
  textsOfTodo,
  todoIn,
} from '../../../src/vscode/create/task-texts.ts';

const part: FilePart = { path: 'src/a.ts', from: 3, to: 3, code: 'let a;', language: 'typescript' };

test('TODO and FIXME comments of many languages are found', () => {
  assert.equal(todoIn('  // TODO: handle errors'), 'handle errors');
  assert.equal(todoIn('x = 1  # FIXME(ann) - round it'), 'round it');
  assert.equal(todoIn('/* TODO remove */'), 'remove');
  assert.equal(todoIn('<!-- TODO: link -->'), 'link');
  assert.equal(todoIn('// TODO'), undefined);
  assert.equal(todoIn('const TODO = 1;'), undefined);
});

test('instructions name the file with its lines and hold the code', () => {
  assert.equal(textsOfFile('src/a.ts', undefined).instructions, 'In @src/a.ts: ');
  assert.equal(
    textsOfFile('src/a.ts', { ...part, to: 5 }).instructions,
    'In @src/a.ts, lines 3 to 5:\n\n```typescript\nlet a;\n```\n',
  );
  assert.match(
    textsOfTodo(part, 'handle errors').instructions ?? '',
    /^Do what the comment in @src\/a\.ts, line 3 asks/,
  );
  assert.equal(textsOfFiles(['a', 'b']).instructions, 'In the changes of these files:\n\n- @a\n- @b\n\n');
});

test('a problem gives the title, cut to the first line', () => {
  const { title, instructions } = textsOfProblem(part, `Type error\nmore ${'x'.repeat(200)}`, 'ts');
  assert.equal(title, 'Fix: Type error');
  assert.match(instructions ?? '', /line 3 \(ts\):\n\nType error\nmore x/);
  assert.equal(textsOfProblem(part, 'x'.repeat(200), '').title?.length, 100);
});

test('code with fences of its own stays one block', () => {
  const { instructions } = textsOfOutput('```\ntext\n````\n');
  assert.equal(instructions, 'The terminal shows:\n\n`````\n```\ntext\n````\n`````\n');
});
