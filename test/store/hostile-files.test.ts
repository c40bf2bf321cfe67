import assert from 'node:assert/strict';
import {
  copyFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { silentLogger } from '../../src/core/logger.ts';
import { FileRepository } from '../../src/store/file/file-repository.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function open(context: TestContext, folder: string, now?: () => string): Promise<TaskStore> {
  const options = { folder, logger: silentLogger, watch: false };
  const repository = new FileRepository(now === undefined ? options : { ...options, now });
  const store = await TaskStore.open({ folder, repository });
  context.after(() => store.close());
  return store;
}

const state = (folder: string, ...parts: string[]): string => join(folder, '.systemprompt', 'state', ...parts);
const titles = (store: TaskStore): string[] => [...store.view.all()].map((task) => task.title);
const quarantined = (folder: string): string[] =>
  existsSync(state(folder, 'quarantine')) ? readdirSync(state(folder, 'quarantine')) : [];

/** A store with two tasks, closed: what is in the task files is in the journal as well. */
async function filled(context: TestContext): Promise<{ folder: string; file: string; id: string }> {
  const folder = tempFolder(context);
  const store = await open(context, folder);
  const { id } = await store.createTask({ title: 'good', description: 'the words' });
  await store.createTask({ title: 'other' });
  await store.close();
  return { folder, id, file: state(folder, 'tasks', `${id}.json`) };
}

const record = (file: string): Record<string, unknown> => JSON.parse(readFileSync(file, 'utf8'));

/** What somebody puts into the folder of the tasks, and under which name it is kept afterwards. */
const strange: [string, (tasks: string, file: string) => string][] = [
  [
    'a file of 100 MB',
    (tasks) => {
      writeFileSync(join(tasks, 'large.json'), '{"id": "large", "title": "');
      truncateSync(join(tasks, 'large.json'), 100 * 1024 * 1024);
      return 'large.json';
    },
  ],
  [
    'a task with metadata that is nested 5,000 deep',
    (tasks, file) => {
      const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
      const text = JSON.stringify({ ...record(file), id: 'deep', number: 7, metadata: 'DEEP' });
      writeFileSync(join(tasks, 'deep.json'), text.replace('"DEEP"', deep));
      return 'deep.json';
    },
  ],
  [
    'a copy under another name',
    (tasks, file) => {
      copyFileSync(file, join(tasks, 'copy.json'));
      return 'copy.json';
    },
  ],
  [
    'a copy with another id and the same number',
    (tasks, file) => {
      writeFileSync(join(tasks, 'twin.json'), JSON.stringify({ ...record(file), id: 'twin' }));
      return 'twin.json';
    },
  ],
  [
    'an id that is a path',
    (tasks, file) => {
      writeFileSync(join(tasks, 'path.json'), JSON.stringify({ ...record(file), id: '../../../path', number: 7 }));
      return 'path.json';
    },
  ],
  [
    'a folder',
    (tasks) => {
      mkdirSync(join(tasks, 'folder.json'));
      return 'folder.json';
    },
  ],
  [
    'bytes that are no text',
    (tasks) => {
      writeFileSync(join(tasks, 'bytes.json'), Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]));
      return 'bytes.json';
    },
  ],
];
const links: [string, (tasks: string, file: string) => string][] = [
  [
    'a link to a file elsewhere',
    (tasks, file) => {
      const elsewhere = join(tasks, '..', '..', '..', 'elsewhere.json');
      writeFileSync(elsewhere, JSON.stringify({ ...record(file), id: 'linked', number: 7 }));
      symlinkSync(elsewhere, join(tasks, 'linked.json'));
      return 'linked.json';
    },
  ],
  [
    'a link to nothing',
    (tasks) => {
      symlinkSync(join(tasks, 'nothing'), join(tasks, 'dangling.json'));
      return 'dangling.json';
    },
  ],
  [
    'a link to itself',
    (tasks) => {
      symlinkSync('loop.json', join(tasks, 'loop.json'));
      return 'loop.json';
    },
  ],
];

describe('foreign files among the task files (G6)', () => {
  // Making links needs a right on Windows that few have.
  for (const [what, put] of process.platform === 'win32' ? strange : [...strange, ...links]) {
    it(`are harmless, reported and moved to quarantine: ${what}`, async (context) => {
      const { folder, file } = await filled(context);
      const name = put(state(folder, 'tasks'), file);
      const before = process.memoryUsage().arrayBuffers;
      const store = await open(context, folder);
      assert.ok(process.memoryUsage().arrayBuffers - before < 50_000_000, 'it was not read into memory');
      assert.deepEqual(titles(store), ['good', 'other']);
      assert.equal(store.problems.filter((problem) => problem.includes(name)).length, 1, store.problems.join('\n'));
      const kept = quarantined(folder).filter((other) => other.endsWith(name));
      assert.equal(kept.length, 1);
      assert.ok(quarantined(folder).some((other) => other.endsWith(`${name}.reason.txt`)));
      assert.deepEqual(
        readdirSync(state(folder, 'tasks')).filter((other) => other === name),
        [],
      );
      await store.createTask({ title: 'and on' });
      const again = await open(context, folder);
      assert.deepEqual(titles(again), ['good', 'other', 'and on']);
      assert.deepEqual(again.problems, []);
    });
  }

  it('a task file replaced by a link is moved to quarantine, and its target is not overwritten', async (context) => {
    if (process.platform === 'win32') return;
    const { folder, file, id } = await filled(context);
    const elsewhere = join(folder, 'precious.txt');
    writeFileSync(elsewhere, 'precious');
    rmSync(file);
    symlinkSync(elsewhere, file);
    const store = await open(context, folder);
    await store.updateTask(id, { title: 'changed' });
    await store.close();
    assert.equal(readFileSync(elsewhere, 'utf8'), 'precious');
    assert.ok(lstatSync(file).isFile());
    assert.equal(record(file)['title'], 'changed');
  });

  it('keeps the number of a task whose file was lost, although a file from elsewhere has it', async (context) => {
    const { folder, file, id } = await filled(context);
    const lost = await open(context, folder);
    const other = lost.view.byNumber(2);
    await lost.close();
    assert.ok(other !== undefined);
    const text = readFileSync(file, 'utf8').replace(id, 'task_somewhere123').replace('"number": 1,', '"number": 2,');
    writeFileSync(state(folder, 'tasks', 'task_somewhere123.json'), text);
    rmSync(state(folder, 'tasks', `${other.id}.json`));
    const store = await open(context, folder);
    assert.deepEqual(
      [...store.view.all()].map((task) => [task.id, task.number]),
      [
        [id, 1],
        [other.id, 2],
      ],
    );
    assert.match(store.problems.join(' '), /has the number of/);
  });

  it('numbers tasks on although a file from elsewhere has the largest number', async (context) => {
    const { folder, file, id } = await filled(context);
    const other = 'task_somewhere123';
    const text = readFileSync(file, 'utf8').replace(id, other).replace('"number": 1,', '"number": 999999999,');
    writeFileSync(state(folder, 'tasks', `${other}.json`), text);
    for (const number of [3, 4]) {
      const store = await open(context, folder);
      assert.equal(store.view.byNumber(999_999_999)?.id, other);
      assert.equal((await store.createTask({ title: 'next' })).number, number);
      await store.close();
    }
  });
});

describe('the last batch of the journal, torn at every byte (G1, G2, G7)', () => {
  it('counts as a whole line or not at all: earlier changes remain, and the store continues', async (context) => {
    const { folder, id } = await filled(context);
    const journal = state(folder, 'journal', '00000001.jsonl');
    const before = readFileSync(journal).length;
    const writer = await open(context, folder);
    await Promise.all([
      writer.createTask({ title: 'café ☕' }),
      writer.transact('both', (draft) => {
        draft.patch(id, { title: 'good!' });
        draft.patch(draft.require('other').id, { title: 'other!' });
      }),
    ]);
    await writer.close();
    const whole = readFileSync(journal);
    const lines = whole.subarray(before).toString().trimEnd().split('\n');
    assert.equal(lines.length, 2, 'both are in one batch');
    // The task files would bring back what the journal has lost.
    rmSync(state(folder, 'tasks'), { recursive: true });
    mkdirSync(state(folder, 'tasks'));
    const ends = [before + Buffer.byteLength(lines[0] ?? ''), whole.length - 1];
    const expected = [
      ['good', 'other'],
      ['good', 'other', 'café ☕'],
      ['good!', 'other!', 'café ☕'],
    ];
    const cut = async (length: number): Promise<void> => {
      const torn = tempFolder(context);
      cpSync(state(folder), state(torn), { recursive: true });
      truncateSync(state(torn, 'journal', '00000001.jsonl'), length);
      const store = await TaskStore.open({ folder: torn, watch: false });
      // A line that misses only its end is not there until somebody ends it.
      const whole = ends.filter((end) => length > end).length;
      assert.deepEqual(titles(store), expected[whole], `cut at ${length}`);
      await store.createTask({ title: 'after' });
      const all = [...store.view.all()];
      await store.close();
      const again = await TaskStore.open({ folder: torn, watch: false });
      assert.deepEqual([...again.view.all()], all, `cut at ${length}: the same again`);
      assert.equal(titles(again).at(-1), 'after');
      assert.deepEqual(again.problems, []);
      await again.close();
      rmSync(torn, { recursive: true });
    };
    let next = before;
    const lane = async (): Promise<void> => {
      while (next <= whole.length) await cut(next++);
    };
    await Promise.all(Array.from({ length: 16 }, lane));
  });
});

describe('a clock that moves backwards', () => {
  it('by years loses nothing and changes no order, because the order of the journal counts', async (context) => {
    const folder = tempFolder(context);
    let now = Date.parse('2030-06-01T12:00:00.000Z');
    const clock = (): string => new Date(now).toISOString();
    const [a, b] = [await open(context, folder, clock), await open(context, folder, clock)];
    const { id } = await a.createTask({ title: 'first' });
    now = Date.parse('1999-12-31T23:59:59.999Z');
    await b.createTask({ title: 'second' });
    await b.updateTask(id, { title: 'first, changed' });
    now = 0;
    await a.updateTask(id, { status: 'in_progress' });
    now = Date.parse('2030-06-01T12:00:01.000Z');
    await b.updateTask(id, { status: 'completed' });
    await a.refresh();
    await Promise.all([a.close(), b.close()]);
    const again = await open(context, folder);
    assert.deepEqual(
      [...again.view.all()].map(({ title, number, revision, status }) => [title, number, revision, status]),
      [
        ['first, changed', 1, 4, 'completed'],
        ['second', 2, 1, 'pending'],
      ],
    );
    assert.deepEqual([...a.view.all()], [...again.view.all()]);
    assert.deepEqual(again.problems, []);
    const duration = await again.updateElapsedTime(id);
    assert.ok(duration !== null && duration >= 0, 'no time is worked off');
  });
});
