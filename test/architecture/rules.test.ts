import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { filesOf, type Import, type Module, readModules } from './import-graph.ts';
import {
  circles,
  folderCircles,
  isBarrel,
  packagesOf,
  partOf,
  pastTheLauncher,
  pathsIntoState,
  sizesOf,
  wrongArrows,
} from './rules.ts';

function module(from: string, ...imports: (string | Partial<Import>)[]): Module {
  return {
    file: from,
    exports: [],
    imports: imports.map((given) => ({
      ...{ from, to: '', types: false, lazy: false },
      ...(typeof given === 'string' ? { to: given } : given),
    })),
  };
}

describe('the architecture rules', () => {
  for (const [what, from, to] of [
    ['the core that imports a store', 'src/core/task/id.ts', 'src/store/journal/view.ts'],
    ['the core that imports Node', 'src/core/task/id.ts', 'node:fs'],
    ['the core that imports a part of Node without saying so', 'src/core/task/id.ts', 'fs/promises'],
    ['the core that imports a package that it may not', 'src/core/task/id.ts', 'commander'],
    ['the core that imports the editor', 'src/core/task/id.ts', 'vscode'],
    ['a store that knows a worker', 'src/store/journal/view.ts', 'src/runtime/run/run.ts'],
    ['a worker that knows an agent', 'src/runtime/run/run.ts', 'src/agents/catalog.ts'],
    ['an agent that knows a store', 'src/agents/catalog.ts', 'src/store/journal/view.ts'],
    ['operations that know a face', 'src/operations/store/status.ts', 'src/cli/main.ts'],
    ['a face that imports another', 'src/cli/main.ts', 'src/vscode/contributions.ts'],
    ['a face that imports another one, the other way', 'src/mcp/server.ts', 'src/cli/main.ts'],
    ['a face that goes past the composition to the agents', 'src/cli/main.ts', 'src/agents/catalog.ts'],
    ['the library that imports a face', 'src/index.ts', 'src/cli/main.ts'],
    ['the editor outside of its folder', 'src/host.ts', 'vscode'],
    ['a webview that imports code', 'src/webviews/log.ts', 'src/core/task/id.ts'],
    ['a webview that imports a package of another part', 'src/webviews/log.ts', 'commander'],
    ['a product that imports its tests', 'src/host.ts', 'test/support/temp-folder.ts'],
    ['a folder that nobody has planned', 'src/helpers/x.ts', 'src/core/task/id.ts'],
  ] as const) {
    test(what, () => assert.equal(wrongArrows([module(from, to)]).length, 1));
  }
});

test('allow the imports that the code base uses', () => {
  const fine = [
    module('src/core/task/id.ts', 'zod', 'nanoid', 'src/core/errors.ts'),
    module('src/store/journal/view.ts', 'node:fs', 'src/core/errors.ts'),
    module('src/agents/acp/agent.ts', '@agentclientprotocol/sdk', 'src/core/agent/port.ts'),
    module('src/host.ts', 'src/agents/catalog.ts', 'src/store/task-store.ts'),
    module('src/vscode/tree/tree.ts', 'vscode', 'src/index.ts'),
    module('src/extension.ts', 'vscode', 'src/vscode/register.ts'),
    module('src/webviews/log.ts', { to: 'src/core/task/log-entry.ts', types: true }),
  ];
  assert.deepEqual(wrongArrows(fine), []);
  assert.deepEqual(packagesOf(fine), ['@agentclientprotocol/sdk', 'nanoid', 'zod']);
});

test('detect a path into the state of a store in any notation', () => {
  const worker = module('src/runtime/a.ts', 'src/store/ports.ts');
  const notice = (text: string): number => pathsIntoState([worker], new Map([[worker.file, text]])).length;
  const written = ["join(f, '.systemprompt', 'state')", "'.systemprompt/state/x'", "'.systemprompt',\n 'state'"];
  assert.deepEqual([...written, "'.systemprompt{,/state}'"].map(notice), [1, 1, 1, 1]);
  assert.deepEqual(["'.systemprompt/worktrees'", "'.systemprompt', 'stateless'"].map(notice), [0, 0]);
  assert.equal(pathsIntoState([module('src/cli/a.ts', 'src/store/file/layout.ts')], new Map()).length, 1);
  assert.equal(pathsIntoState([module('src/host.ts', 'src/store/file/layout.ts')], new Map()).length, 0);
});

test('detect an agent that is started without the launcher', () => {
  const group = 'src/agents/process-group.ts';
  const found = (from: string, ...to: (string | Partial<Import>)[]): number =>
    pastTheLauncher([module(from, ...to)]).length;
  assert.equal(found('src/agents/acp/agent.ts', group), 1);
  assert.equal(found('src/agents/acp/agent.ts', { to: group, types: true }), 0);
  assert.equal(found('src/agents/launcher.ts', group), 0);
  assert.equal(found('src/runtime/run/run.ts', 'node:child_process', { to: 'child_process', lazy: true }), 2);
  assert.equal(found('src/runtime/shell-command.ts', 'node:child_process'), 0);
});

test('map a file to its folder, or to itself', () => {
  assert.deepEqual(['src/core/task/id.ts', 'src/host.ts', 'test/a.ts', 'node:fs', 'zod'].map(partOf), [
    'core',
    'host',
    undefined,
    undefined,
    undefined,
  ]);
});

test('find a cycle anywhere and report its path', () => {
  assert.deepEqual(circles([module('a', 'b'), module('b', 'c'), module('c', 'zod')]), []);
  assert.deepEqual(circles([module('a', 'b'), module('b', 'c'), module('c', 'b')]), [['b', 'c', 'b']]);
  assert.deepEqual(circles([module('a', 'a')]), [['a', 'a']]);
  const types = [module('a', { to: 'b', types: true }), module('b', 'a')];
  assert.equal(circles(types).length, 1);
  assert.deepEqual(
    circles(types, (edge) => !edge.types),
    [],
  );
});

test('find a cycle between folders without a cycle between files', () => {
  const there = module('src/runtime/run/a.ts', 'src/runtime/schedule/b.ts');
  const back = module('src/runtime/schedule/c.ts', 'src/runtime/run/d.ts');
  assert.deepEqual(circles([there, back]), []);
  assert.deepEqual(folderCircles([there, back], 'src/runtime'), [
    ['src/runtime/run', 'src/runtime/schedule', 'src/runtime/run'],
  ]);
  assert.deepEqual(folderCircles([there, module('src/runtime/run/d.ts', './e.ts')], 'src/runtime'), []);
  assert.deepEqual(folderCircles([there, back], 'src/core'), []);
});

test('find a cycle of folders where no files form one', () => {
  const modules = [
    module('src/store/a/one.ts', 'src/store/b/two.ts'),
    module('src/store/b/three.ts', 'src/store/a/four.ts'),
    module('src/store/ports.ts', 'src/store/a/one.ts'),
    module('src/store/a/five.ts', 'src/store/entry.ts', 'src/core/x.ts'),
  ];
  assert.deepEqual(folderCircles(modules, 'src/store', 'apart'), [['src/store/a', 'src/store/b', 'src/store/a']]);
  assert.deepEqual(folderCircles(modules.slice(1), 'src/store', 'apart'), []);
});

test('recognize a file that only re-exports', () => {
  assert.equal(isBarrel("/** All. */\nexport * from './a.ts';\nexport { b, type C } from './b.ts';"), true);
  assert.equal(isBarrel("export type { A } from './a.ts'"), true);
  assert.equal(isBarrel("export { b } from './b.ts';\nexport const c = 1;"), false);
  assert.equal(isBarrel("import { a } from './a.ts';\nexport { a };\nlet b;"), false);
  assert.equal(isBarrel('export const c = 1;'), false);
});

test('summarize sizes by the median, the long files and the longest', () => {
  const sizes = sizesOf(new Map(Array.from({ length: 10 }, (_, index) => [`f${index}`, (index + 1) * 10])));
  assert.deepEqual(sizes, { median: 60, p90: 100, longest: { file: 'f9', lines: 100 } });
});

test('parse imports in every form and distinguish types from values', async (context) => {
  const root = await mkdtemp(path.join(tmpdir(), 'imports-'));
  context.after(() => rm(root, { recursive: true }));
  const source = `
    // import x from './comment.ts';
    const text = "import y from './string.ts'";
`.concat(
    [
      "import './effect.ts';",
      "import * as all from './all.ts';",
      "import { type Mixed, value } from './mixed.ts';",
      "import type { T } from './types.ts';",
      "import type * as N from 'types-package';",
      "export type { U } from './exported-types.ts';",
      'export type V = { a: T };',
      'export type W<T> = T[];',
      "export { w } from './exported.ts';",
      "export const lazy = () => import('./lazy.ts');",
      "export type X = typeof import('./of-a-type.ts');",
      "export type Y = import('./in-a-type.ts').Y;",
      "export type Z = typeof import('./lazy.ts');",
      "export const again = () => import('./all.ts').then(() => undefined);",
      'export const { a: [b] } = text;',
    ].join('\n'),
  );
  await writeFile(path.join(root, 'a.ts'), source);
  await writeFile(path.join(root, 'b.ts'), 'const b = 1;\nexport default b;\n');
  const [a, b] = await readModules(root, filesOf(root, '*.ts'));
  const read = new Map(a?.imports.map((edge) => [edge.to, edge.types ? 'types' : edge.lazy ? 'lazy' : 'value']));
  assert.deepEqual(Object.fromEntries([...read].sort()), {
    'all.ts': 'value',
    'effect.ts': 'value',
    'exported-types.ts': 'types',
    'exported.ts': 'value',
    'in-a-type.ts': 'types',
    'lazy.ts': 'lazy',
    'mixed.ts': 'value',
    'of-a-type.ts': 'types',
    'types-package': 'types',
    'types.ts': 'types',
  });
  assert.deepEqual(a?.exports.toSorted(), ['again', 'b', 'lazy', 'w']);
  assert.deepEqual(b?.exports, ['default']);
});
