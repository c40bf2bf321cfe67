import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/process.ts';

/** The file that a name comes from, by the import or export of a module. */
function sourceOf(file: string, name: string): string | undefined {
  for (const [, names = '', from = ''] of readFileSync(file, 'utf8').matchAll(
    /^(?:im|ex)port \{([^}]*)\} from '(\.[^']*)'/gm,
  )) {
    if (names.split(',').some((each) => each.trim() === name)) return join(dirname(file), from);
  }
  return undefined;
}

/** Public methods and accessors of a class, and of its bases, without a doc comment. Constructors have the class's. */
function undocumented(name: string, file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const [start, base, rest = ''] =
    new RegExp(`^export (?:abstract )?class ${name}(?:<.*?>)? (?:extends (\\w+))?(.*)`, 'm').exec(text) ?? [];
  // The interface has the comments.
  if (start === undefined || rest.includes('implements')) return [];
  const body = text.slice(text.indexOf(start));
  const lines = body.slice(0, body.indexOf('\n}\n')).split('\n');
  const missing = lines.flatMap((line, at) => {
    const method = /^ {2}(?:static |async |get |set |override |\*)*([a-z]\w*)(?:<[^(]*>)?\(/.exec(line)?.[1];
    if (method === undefined || method === 'constructor') return [];
    const before = lines.slice(0, at);
    // Of overloads, and of a getter and setter, the first one has the comment.
    const again = before.some((each) => new RegExp(`^ {2}(?:static |async |get )*${method}\\b.*\\(`).test(each));
    return again || (before.at(-1) ?? '').trim().endsWith('*/') ? [] : [`${name}.${method}`];
  });
  const above = base === undefined ? undefined : sourceOf(file, base);
  return [...missing, ...(above === undefined ? [] : undocumented(base ?? '', above))];
}

test('every public method of an exported class has a doc comment', () => {
  const entry = join(root, 'src', 'index.ts');
  const exported = [...readFileSync(entry, 'utf8').matchAll(/^export \{([^}]*)\} from '(\.[^']*)'/gm)].flatMap(
    ([, names = '', from = '']) => names.split(',').map((name) => [name.trim(), join(dirname(entry), from)] as const),
  );
  const classes = exported.filter(
    ([name, file]) =>
      name !== '' && new RegExp(`^export (?:abstract )?class ${name}\\b`, 'm').test(readFileSync(file, 'utf8')),
  );
  const names = classes.map(([name]) => name);
  for (const name of ['TaskStore', 'TaskManager', 'Worker', 'ErrorRecovery']) assert.ok(names.includes(name), name);
  assert.deepEqual(
    classes.flatMap(([name, file]) => undocumented(name, file)),
    [],
  );
});
