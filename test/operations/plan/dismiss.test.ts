import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { planDismiss } from '../../../src/operations/plan/dismiss.ts';
import { planFromCode } from '../../../src/operations/plan/from-code.ts';
import { readDismissals, recordDismissals } from '../../../src/runtime/planning/dismissals.ts';
import { type Bench, bench } from '../context.ts';

async function repository(context: TestContext): Promise<Bench> {
  const tasks = await bench(context);
  const { folder } = tasks.store;
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  mkdirSync(join(folder, 'src'));
  for (const name of ['a', 'b']) writeFileSync(join(folder, 'src', `${name}.ts`), '// FIXME: wrong\nlet a = 1;\n');
  return tasks;
}

const wanted = { kinds: ['notes' as const], dryRun: true };

describe('plan.dismiss', () => {
  it('hides a suggestion in every later analysis, until it is restored', async (context: TestContext) => {
    const tasks = await repository(context);
    const keys = async (): Promise<string[]> =>
      (await tasks.run(planFromCode, wanted)).suggestions.map(({ key }) => key);
    assert.deepEqual(await keys(), ['notes:src/a.ts', 'notes:src/b.ts']);
    await tasks.run(planDismiss, { keys: ['notes:src/a.ts'] });
    const { suggestions, notes } = await tasks.run(planFromCode, wanted);
    assert.deepEqual(
      suggestions.map(({ key }) => key),
      ['notes:src/b.ts'],
    );
    assert.ok(notes.some(({ message }) => message === '1 suggestions were dismissed.'));
    await tasks.run(planDismiss, { keys: ['notes:src/a.ts'], restore: true });
    assert.equal((await keys()).length, 2);
  });

  it('refuses a word that is no key', async (context: TestContext) => {
    const tasks = await repository(context);
    await tasks.refused(planDismiss, { keys: ['src/a.ts'] }, 'InvalidInput');
    assert.equal((await readDismissals(tasks.store.folder)).size, 0);
  });

  it('keeps the decisions of processes that decide at the same moment', async (context: TestContext) => {
    const tasks = await repository(context);
    const { folder } = tasks.store;
    const all = Array.from({ length: 50 }, (_, at) => `notes:${at}`);
    await Promise.all(all.map((key) => recordDismissals(folder, [key], 'dismissed')));
    assert.equal((await readDismissals(folder)).size, 50);
  });

  it('skips lines that it does not know, and follows no link', async (context: TestContext) => {
    const tasks = await repository(context);
    const { folder } = tasks.store;
    const file = join(folder, '.systemprompt', 'suggestions.jsonl');
    mkdirSync(join(folder, '.systemprompt'), { recursive: true });
    writeFileSync(file, '\n{"dismissed":7}\nnonsense\n{"dismissed":"notes:src/a.ts"}\n[]\n');
    assert.deepEqual([...(await readDismissals(folder))], ['notes:src/a.ts']);
    rmSync(file);
    writeFileSync(join(folder, 'target'), 'kept');
    symlinkSync(join(folder, 'target'), file);
    await assert.rejects(recordDismissals(folder, ['notes:x'], 'dismissed'));
    await assert.rejects(readDismissals(folder));
    assert.equal(readFileSync(join(folder, 'target'), 'utf8'), 'kept');
  });
});
