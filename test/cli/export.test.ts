import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tempFolder } from '../support/temp-folder.ts';
import { cli } from './cli.ts';

describe('an export with a file for each task', () => {
  it('goes into a new or empty folder, which the importer reads', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'First: "one"/two');
    await run.ok('task', 'create', 'Second', '--depends-on', '1');
    const folder = join(tempFolder(context), 'a', 'backlog');
    assert.match(await run.ok('export', '--to', 'backlog', '--output', folder), /^Wrote 2 files into /);
    assert.deepEqual(readdirSync(join(folder, 'tasks')).sort(), ['task-1 - First-one-two.md', 'task-2 - Second.md']);
    const other = cli(context);
    await other.ok('import', folder);
    const { tasks } = JSON.parse(await other.ok('task', 'list', '--sort', 'number', '--json')) as {
      tasks: { title: string; depends_on: string[] }[];
    };
    assert.deepEqual(
      tasks.map(({ title, depends_on: after }) => [title, after.length]),
      [
        ['First: "one"/two', 0],
        ['Second', 1],
      ],
    );
  });

  it('refuses a folder with other files, and reports a missing one', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'A');
    const folder = tempFolder(context);
    writeFileSync(join(folder, 'mine.md'), 'mine');
    for (const [words, why] of [
      [['--to', 'claude-tasks', '--output', folder], /is not empty/],
      [['--to', 'backlog'], /has a file for each task/],
      [['--to', 'csv', '--output', folder], /is one text/],
    ] as const) {
      const refused = await run('export', ...words);
      assert.deepEqual([refused.code, refused.stdout], [2, '']);
      assert.match(refused.stderr, why);
    }
    assert.deepEqual(readdirSync(folder), ['mine.md']);
    const { files } = JSON.parse(await run.ok('export', '--to', 'claude-tasks', '--json')) as {
      files: { name: string }[];
    };
    assert.deepEqual(
      files.map(({ name }) => name),
      ['1.json'],
    );
  });
});
