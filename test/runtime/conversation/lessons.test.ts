import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { readLessons } from '../../../src/runtime/conversation/lessons.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { workerBench } from '../../support/worker-bench.ts';

const NOTES = '# Notes\n\n## Lessons\n\n- Run the tests.\n';

function withNotes(context: TestContext, text: string): { folder: string; store: string; file: string } {
  const folder = tempFolder(context);
  const store = join(folder, '.systemprompt');
  mkdirSync(store);
  const file = join(store, 'notes.md');
  writeFileSync(file, text);
  return { folder, store, file };
}

describe('the notes of a folder (F232)', () => {
  it('give their lessons', async (context) => {
    assert.equal(await readLessons(withNotes(context, NOTES).folder), '- Run the tests.');
    assert.equal(await readLessons(tempFolder(context)), undefined);
  });

  it('are ignored if they are a link, or lie behind one', async (context) => {
    const linked = withNotes(context, NOTES);
    renameSync(linked.file, join(linked.folder, 'elsewhere.md'));
    symlinkSync(join(linked.folder, 'elsewhere.md'), linked.file);
    assert.equal(await readLessons(linked.folder), undefined);
    const behind = withNotes(context, NOTES);
    renameSync(behind.store, join(behind.folder, 'elsewhere'));
    symlinkSync(join(behind.folder, 'elsewhere'), behind.store);
    assert.equal(await readLessons(behind.folder), undefined);
  });

  it('are ignored if they are a folder or too large', async (context) => {
    const large = withNotes(context, `${NOTES}${'a'.repeat(300_000)}`);
    assert.equal(await readLessons(large.folder), undefined);
    const { folder, store } = withNotes(context, '');
    renameSync(join(store, 'notes.md'), join(store, 'other.md'));
    mkdirSync(join(store, 'notes.md'));
    assert.equal(await readLessons(folder), undefined);
  });

  for (const lessons of [true, false, undefined]) {
    it(`reach the agent only with the setting: ${lessons}`, async (context) => {
      const prompt = lessons === undefined ? {} : { lessons };
      const { folder } = withNotes(context, NOTES);
      const bench = await workerBench(context, { folder, settings: { prompt } });
      writeFileSync(join(folder, 'fixed'), '');
      const workflow = [{ agent: 'teammate', phase: 'implementation' }];
      const { id } = await bench.run({ tool: undefined, title: 'Learn', workflow });
      await bench.reaches(id, 'completed_active');
      const prompts = readFileSync(join(folder, 'prompts'), 'utf8');
      assert.equal(prompts.includes('Lessons from earlier tasks'), lessons === true);
    });
  }
});
