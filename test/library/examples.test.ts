import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { must, root } from '../../scripts/process.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Names that the examples use without declaring them. */
const given = `
import * as library from '${root}/src/index.ts';
const { createTaskSchema, ErrorRecovery, MemoryRepository, openHost, operations } = library;
const { PostgresRepository, runOperation, TaskError } = library;
const { AgentMatcher, AgentWorkflow, CodeAnalyzer, CollaborativeTask, EventBus, ExecutionAnalyzer, SpecificationParser, TaskManager, TaskStatus, TaskStore, Worker } = library;
declare const store: library.TaskStore;
declare const host: library.Host;
declare const api: library.ExtensionApi;
`;

/** The code of every `@example`, with its file. */
function examples(): { file: string; code: string }[] {
  const folder = join(root, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/^ *\* @example\n((?: *\*(?!\/).*\n)+)/gm)].map(([, block = '']) => ({
      file,
      code: block.replace(/^ *\* ?/gm, '').replace(/^@[a-z][\s\S]*/m, ''),
    }));
  });
}

test('every example of a doc comment compiles', async (context) => {
  // A declaration of a module needs the package; `test/library/types.test.ts` compiles one with it.
  const all = examples().filter(({ code }) => !code.includes('declare module'));
  assert.ok(all.length >= 20, `${all.length} examples`);
  const folder = tempFolder(context);
  for (const [index, { file, code }] of all.entries()) {
    writeFileSync(join(folder, `example-${index}.ts`), `// ${file}${given}{\n${code}}\nexport {};\n`);
  }
  const compilerOptions = {
    noEmit: true,
    incremental: false,
    composite: false,
    noUnusedLocals: false,
    typeRoots: [join(root, 'node_modules/@types')],
  };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['*.ts'], exclude: [] };
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await must(join(root, 'node_modules/.bin/tsc'), ['-p', join(folder, 'tsconfig.json')]);
});
