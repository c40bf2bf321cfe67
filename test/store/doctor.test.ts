import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Finding } from '../../src/store/maintenance.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

// What the damage below writes is for the person alone, as everything in a store.
process.umask(0o077);

interface Patient {
  readonly store: TaskStore;
  readonly id: string;
  path(...names: string[]): string;
  check(): Promise<Finding[]>;
}

/** A store with one task, its files written, and a second one that looks at it. */
async function patient(context: TestContext): Promise<Patient> {
  const folder = tempFolder(context);
  const first = await TaskStore.open({ folder, watch: false });
  const { id } = await first.createTask({ title: 'A' });
  await first.addLog(id, 'a line');
  await first.close();
  const store = await TaskStore.open({ folder, watch: false });
  context.after(() => store.close());
  return {
    store,
    id,
    path: (...names) => join(folder, '.systemprompt', 'state', ...names),
    check: async () => (await store.maintenance?.check()) ?? [],
  };
}

/** As if it had been written long ago; only a file's own times can be set, not when it was moved. */
function age(...files: string[]): void {
  const past = new Date(Date.now() - 2 * 60 * 60_000);
  for (const file of files) utimesSync(file, past, past);
}

const codes = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code);

/** The damage, its finding, and whether the fix repairs it. */
const cases: Record<string, { code: string; repaired: boolean; damage: (patient: Patient) => void | Promise<void> }> = {
  'a task file that is gone': {
    code: 'task-file-behind',
    repaired: true,
    damage: ({ path, id }) => unlinkSync(path('tasks', `${id}.json`)),
  },
  'a task file that is different from the journal': {
    code: 'task-file-behind',
    repaired: true,
    damage: ({ path, id }) => {
      const file = path('tasks', `${id}.json`);
      writeFileSync(file, readFileSync(file, 'utf8').replace('"A"', '"B"'));
    },
  },
  'a task file that is torn': {
    code: 'task-file-behind',
    repaired: true,
    damage: ({ path, id }) => writeFileSync(path('tasks', `${id}.json`), '{"id":'),
  },
  'a line of the journal that nobody can read': {
    code: 'journal-bad-line',
    repaired: false,
    damage: ({ path }) => {
      const [name = ''] = readdirSync(path('journal'));
      appendFileSync(path('journal', name), '{"torn":\n');
    },
  },
  'a part of the journal without an end, and another one after it': {
    code: 'journal-missing-seal',
    repaired: false,
    damage: ({ path }) => {
      const [name = ''] = readdirSync(path('journal'));
      const next = `${String(Number(name.slice(0, 8)) + 1).padStart(8, '0')}.jsonl`;
      writeFileSync(path('journal', next), '{"v":1,"ops":[]}\n');
    },
  },
  'a state.json that is none': {
    code: 'state-unreadable',
    repaired: true,
    damage: ({ path }) => writeFileSync(path('state.json'), 'not json'),
  },
  'a state.json of a newer version': {
    code: 'schema-newer',
    repaired: false,
    damage: ({ path }) => writeFileSync(path('state.json'), '{"schema_version":99}'),
  },
  'a log whose last line is torn': {
    code: 'log-torn',
    repaired: true,
    damage: ({ path, id }) => {
      appendFileSync(path('logs', `${id}.jsonl`), '{"timestamp":"20');
      age(path('logs', `${id}.jsonl`));
    },
  },
  'an index of a log that counts wrong': {
    code: 'log-index-wrong',
    repaired: true,
    damage: ({ path, id }) => {
      mkdirSync(path('logs', id));
      writeFileSync(path('logs', id, '0.jsonl'), '{}\n');
      writeFileSync(path('logs', id, 'index.json'), '{"v":1,"parts":{"0":{"lines":9,"offset":3,"check":1}}}');
    },
  },
  'a file in quarantine': {
    code: 'quarantine',
    repaired: false,
    damage: ({ path }) => {
      mkdirSync(path('quarantine'), { recursive: true });
      writeFileSync(path('quarantine', 'x.json'), '');
    },
  },
  'a folder that everybody can write': {
    code: 'folder-open-to-all',
    repaired: true,
    damage: ({ path }) => chmodSync(path('tasks'), 0o777),
  },
  'files that other users can read': {
    code: 'readable-by-others',
    repaired: true,
    damage: ({ path, id }) => {
      chmodSync(path('tasks', `${id}.json`), 0o644);
      chmodSync(path('logs'), 0o755);
    },
  },
  'a log that is a link': {
    code: 'linked-file',
    repaired: true,
    damage: ({ path, id }) => {
      unlinkSync(path('logs', `${id}.jsonl`));
      symlinkSync(path('state.json'), path('logs', `${id}.jsonl`));
    },
  },
  'an archived task that nobody can read': {
    code: 'archive-unreadable',
    repaired: true,
    damage: ({ path }) => {
      mkdirSync(path('archive'), { recursive: true });
      writeFileSync(path('archive', '7-task_gone.json'), '{}');
    },
  },
  'a temporary file that a crash left': {
    code: 'leftover-files',
    repaired: true,
    damage: ({ path, id }) => {
      mkdirSync(path('logs', id), { recursive: true });
      const staged = [path('logs', id, `0.jsonl.gz.${randomUUID()}`), path(`state.json.${randomUUID()}`)];
      for (const file of staged) writeFileSync(file, 'half');
      age(...staged);
    },
  },
  'a task that waits for one that was deleted': {
    code: 'dependency-missing',
    repaired: false,
    damage: async ({ store, id }) => {
      await store.createTask({ title: 'B', dependsOn: [id] });
      await store.deleteTask(id);
    },
  },
};

describe('a check of the store', () => {
  it('finds no problem in a healthy store and changes nothing', async (context) => {
    const { check, path } = await patient(context);
    const before = readdirSync(path(), { recursive: true }).sort();
    assert.deepEqual(codes(await check()), []);
    assert.deepEqual(readdirSync(path(), { recursive: true }).sort(), before);
  });

  for (const [what, { code, repaired, damage }] of Object.entries(cases)) {
    it(`finds ${what}, explains it, and ${repaired ? 'repairs it' : 'leaves it to a person'}`, async (context) => {
      const ill = await patient(context);
      await damage(ill);
      const findings = await ill.check();
      const found = findings.find((finding) => finding.code === code);
      assert.ok(found !== undefined, `${codes(findings)}`);
      assert.match(found.what, /^\S.*\.$/);
      assert.match(found.advice, /^[A-Z].*\S$/);
      assert.equal(found.fix !== undefined, repaired);
      if (found.fix === undefined) return;
      await found.fix();
      const left = codes(await ill.check()).filter((other) => other !== 'quarantine');
      assert.deepEqual(left, []);
    });
  }

  it('leaves temporary files that may still be renamed, and files with other names', async (context) => {
    const { check, path, id } = await patient(context);
    mkdirSync(path('logs', id), { recursive: true });
    const kept = [
      path('logs', id, `0.jsonl.gz.${randomUUID()}`),
      path('notes.txt'),
      path('logs', id, `${randomUUID()}.txt`),
    ];
    for (const file of kept) writeFileSync(file, 'mine');
    age(...kept.slice(1));
    assert.deepEqual(
      codes(await check()).filter((code) => code === 'leftover-files'),
      [],
    );
  });

  it('deletes no user data: unreadable files are moved to quarantine', async (context) => {
    const { check, path } = await patient(context);
    mkdirSync(path('archive'), { recursive: true });
    writeFileSync(path('archive', '7-task_gone.json'), 'precious');
    for (const finding of await check()) await finding.fix?.();
    const [kept = ''] = readdirSync(path('quarantine'));
    assert.equal(readFileSync(path('quarantine', kept), 'utf8'), 'precious');
  });
});

describe('the space that a store could free', () => {
  it('is zero if all of it is in use', async (context) => {
    const { store } = await patient(context);
    assert.deepEqual(await store.maintenance?.garbage(0), []);
  });

  it('includes the plain log of an ended task, which reads the same after compression', async (context) => {
    const { store, id, path } = await patient(context);
    await store.appendLog(
      id,
      Array.from({ length: 3_000 }, (_, index) => ({ message: `line ${index} of much the same text` })),
    );
    const before = await store.getLogs(id, { limit: 5_000 });
    assert.deepEqual(await store.maintenance?.garbage(0), []);
    await store.transact('end', (draft) => void draft.patch(id, { status: 'cancelled' }));
    const [log, ...rest] = (await store.maintenance?.garbage(0)) ?? [];
    assert.deepEqual([log?.kind, rest], ['log', []]);
    const freed = (await log?.free()) ?? 0;
    assert.ok(freed > 100_000, `${freed}`);
    assert.ok(!existsSync(path('logs', `${id}.jsonl`)));
    assert.deepEqual((await store.getLogs(id, { limit: 5_000 })).entries, before.entries);
    assert.equal((await store.getTask(id))?.log_count, before.entries.length);
    assert.deepEqual(await store.maintenance?.garbage(0), []);
  });

  it('includes only old files of quarantine and backups', async (context) => {
    const { store, path } = await patient(context);
    mkdirSync(path('quarantine'), { recursive: true });
    writeFileSync(path('quarantine', 'x.json'), '12345');
    mkdirSync(path('backup-2024-01-01', 'tasks'), { recursive: true });
    writeFileSync(path('backup-2024-01-01', 'tasks', 'y.json'), '123');
    assert.deepEqual(await store.maintenance?.garbage(1), []);
    const found = (await store.maintenance?.garbage(0)) ?? [];
    assert.deepEqual(
      found.map(({ kind, bytes }) => [kind, bytes]),
      [
        ['quarantine', 5],
        ['backup', 3],
      ],
    );
    for (const garbage of found) await garbage.free();
    assert.ok(!existsSync(path('backup-2024-01-01')));
    assert.deepEqual(readdirSync(path('quarantine')), []);
  });

  it('is reported by part, in files and bytes', async (context) => {
    const { store, path } = await patient(context);
    rmSync(path('logs'), { recursive: true });
    mkdirSync(path('logs'));
    writeFileSync(path('logs', 'x.jsonl'), '1234567');
    const sizes = await store.maintenance?.sizes();
    assert.deepEqual(sizes?.areas.logs, { files: 1, bytes: 7 });
    assert.equal(sizes?.areas.tasks.files, 1);
    assert.ok((sizes?.areas.journal.bytes ?? 0) > 100);
    assert.equal(sizes?.estimated, false);
  });
});
