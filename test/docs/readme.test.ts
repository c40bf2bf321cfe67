import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { readmeForPackage } from '../../scripts/package-readme.ts';
import { must, root } from '../../scripts/process.ts';
import { tasks as sampleTasks } from '../../scripts/sample/tasks.ts';
import { parseAgentsConfig } from '../../src/agents/config.ts';
import { knownAgents } from '../../src/agents/known.ts';
import { settingsSchema } from '../../src/runtime/settings/settings-schema.ts';
import { cli } from '../cli/cli.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { blockNamed, readPage } from './markdown.ts';

// Compares the README and the guides with the product, and runs their examples.

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const readme = readPage('README.md');
const guides = globSync('docs/*.md', { cwd: root })
  .filter((file) => !/(?:cli|features)\.md$/.test(file))
  .map(readPage);
const manifest = JSON.parse(read('package.json'));

describe('README', () => {
  test('the first task works as described, line by line', async (context) => {
    const run = cli(context);
    const { folder } = run;
    for (const args of [
      ['init', '-q'],
      ['commit', '-q', '--allow-empty', '-m', 'first'],
    ]) {
      await git(folder, ...args);
    }
    const bin = tempFolder(context);
    writeFileSync(
      path.join(bin, 'systemprompt'),
      `#!/bin/sh\nexec "${process.execPath}" "${root}/src/cli/main.ts" "$@"\n`,
    );
    chmodSync(path.join(bin, 'systemprompt'), 0o755);
    const env = { ...process.env, HOME: folder, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
    const line = async (text: string | undefined): Promise<string> =>
      (await promisify(execFile)('sh', ['-c', text ?? assert.fail('a line is missing')], { cwd: folder, env })).stdout;

    const lines = blockNamed(readme, 'first task').trim().split('\n');
    assert.equal(lines.length, 5);
    await line(lines[0]);
    assert.equal((await run.json<{ status: string }>('task', 'show', '1')).status, 'pending', 'the first creates it');
    assert.match(await line(lines[1]), / output +1$/m, 'the second runs it, and prints its log');
    await line(lines[2]);
    assert.deepEqual(await git(folder, 'tag'), '', 'the third does not start by itself');
    assert.equal((await run.json<{ pause_reason: string }>('task', 'show', '2')).pause_reason, 'approval');
    await line(lines[3]);
    assert.match(await line(lines[4]), /completed/, 'the fifth shows what it did');
    assert.equal((await git(folder, 'tag')).trim(), 'v1', 'once the fourth has approved it');
    for (const name of layout(folder).missing) {
      assert.ok(
        ['config.json', 'state.json', 'key', 'index', 'archive/', 'quarantine/'].includes(name),
        `${name} is there after two tasks`,
      );
    }
    assert.deepEqual(layout(folder).undocumented, []);
  });

  test('buttons, commands and groups match the editor', () => {
    const shown = [
      ...Object.values<string>(JSON.parse(read('package.nls.json'))),
      ...Object.keys(JSON.parse(read('l10n/bundle.l10n.json'))),
      ...sampleTasks.map(({ title }, index) => `#${index + 1} ${title}`),
      'Shell script',
      'Extensions: Install from VSIX…',
    ];
    // A word that stands for a label begins with a capital and ends without a full stop.
    const labels = [readme, ...guides]
      .flatMap(({ stressed }) => stressed)
      .filter((words) => /^[#A-Z][^.]*$/.test(words));
    assert.ok(labels.length > 8);
    for (const label of labels)
      assert.ok(
        shown.some((text) => text === label || text.startsWith(`${label},`)),
        label,
      );
  });

  test('the extension page in the editor has no pictures and no broken links', () => {
    const page = readmeForPackage(read('README.md'));
    assert.doesNotMatch(page, /!\[/);
    for (const [, link = ''] of page.matchAll(/\]\(([^)]+)\)/g)) assert.match(link, /^(https:|#)/);
    assert.ok(page.includes('docs/troubleshooting.md') && page.includes('CONTRIBUTING.md'));
  });
});

describe('the guides', () => {
  test('the table of agents matches the known agents, their detection and their installation', () => {
    const table = read('docs/agents.md')
      .split('\n')
      .filter((row) => /^\| `[A-Z]+` +\|/.test(row));
    assert.equal(table.length, knownAgents.length + 1);
    for (const { name, title, command, install } of knownAgents) {
      const row = table.find((candidate) => candidate.startsWith(`| \`${name}\` `)) ?? '';
      for (const part of [title, `\`${command}\``, `\`${install}\``]) assert.ok(row.includes(part), `${name}: ${part}`);
    }
  });

  test('the examples of configuration files are valid', () => {
    const json = guides.flatMap(({ blocks }) => blocks.filter(({ language }) => language === 'json'));
    assert.ok(json.length > 2);
    for (const { text } of json) parseAgentsConfig(z.strictObject(settingsSchema.shape).parse(JSON.parse(text)).agents);
  });

  test('the configuration keys match the schema, each once', () => {
    const table = read('docs/configuration.md').split('\n| key ')[1]?.split('\n\n')[0] ?? '';
    const keys = [...table.matchAll(/^\| `([\w.]+)`/gm)].map(([, key = '']) => key);
    const documented = [...new Set(keys.map((key) => key.split('.')[0]))].sort();
    assert.deepEqual(documented, Object.keys(settingsSchema.shape).sort());
    for (const key of keys) {
      const [section = '', name] = key.split('.');
      const schema = settingsSchema.shape[section as keyof typeof settingsSchema.shape].unwrap();
      assert.ok(name === undefined || Object.hasOwn((schema as { shape: object }).shape, name), key);
    }
  });

  test('the library behaves as in the example', async (context) => {
    const folder = tempFolder(context);
    const entry = pathToFileURL(path.join(root, 'src', 'index.ts')).href;
    assert.equal(manifest.exports['.'].default, './dist/index.js');
    writeFileSync(
      path.join(folder, 'example.mjs'),
      blockNamed(readPage('docs/library.md'), 'library').replace(`'${manifest.name}'`, `'${entry}'`),
    );
    assert.equal(
      await must(process.execPath, ['example.mjs'], { cwd: folder, output: 'hide' }),
      '#1 Fix the login test\n',
    );
  });

  test('explained messages exist in the code', () => {
    const code = ['src/**/*.ts', 'scripts/**/*.ts']
      .flatMap((pattern) => globSync(pattern, { cwd: root }))
      .map(read)
      .join('\n');
    const rows =
      read('docs/troubleshooting.md').split('<!-- messages -->')[1]?.trim().split('\n\n')[0]?.split(/^- /m).slice(1) ??
      [];
    assert.ok(rows.length > 5);
    for (const row of rows) {
      const message = /^`([^`]+)`/.exec(row)?.[1] ?? assert.fail(row);
      for (const part of message
        .split(/…|(?<=[.:]) /)
        .map((words) => words.trim().replace(/[.:]$/, ''))
        .filter((words) => words.length > 2)) {
        assert.ok(code.includes(part), `${message}: ${part}`);
      }
      for (const [, errorCode] of row.matchAll(/\(`(\w+)`\)/g)) assert.ok(code.includes(`'${errorCode}'`), errorCode);
    }
  });
});

async function git(folder: string, ...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  return must('git', [...identity, ...args], { cwd: folder, output: 'hide' });
}

/** Compares the tree in docs/storage.md with a folder. */
function layout(folder: string): { missing: string[]; undocumented: string[] } {
  const rows = blockNamed(readPage('docs/storage.md'), 'layout').split('\n');
  const documented = rows.flatMap((row) => /^ {2,}(\S+)/.exec(row)?.[1] ?? []);
  const base = path.join(folder, '.systemprompt');
  const there = [base, path.join(base, 'state')].flatMap((place) =>
    readdirSync(place, { withFileTypes: true }).map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`),
  );
  return {
    missing: documented.filter((name) => !there.includes(name)),
    // The staging folder is almost always empty.
    undocumented: there.filter((name) => !documented.includes(name) && name !== 'staging/'),
  };
}
