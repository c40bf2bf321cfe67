import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { CodeAnalyzer, TaskManager } from '../../../src/index.ts';
import { planFromCode } from '../../../src/operations/plan/from-code.ts';
import { analyzeFolder } from '../../../src/runtime/analysis/analyze.ts';
import { bench } from '../../operations/context.ts';
import { tempFolder } from '../../support/temp-folder.ts';

function git(folder: string, ...args: string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'ignore' });
}

function put(folder: string, name: string, text: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** Different in every line. */
function lines(count: number, word: string): string {
  return Array.from({ length: count }, (_, index) => `  use${word}(value${index}, other${index * 7});`).join('\n');
}

function repository(folder: string): void {
  git(folder, 'init', '-q');
  put(folder, '.gitignore', 'ignored/\n');
  put(folder, 'ignored/a.ts', '// FIXME: ignored\n');
  put(
    folder,
    'src/notes.ts',
    'a();\n// FIXME(me): handle the empty list\n// TODO: rename\n// FIXME: third\nconst TODOLIST = 1;\n',
  );
  put(folder, 'src/long.ts', `export function first() {\n${lines(700, 'A')}\n}\n`);
  put(folder, 'src/one.ts', `function copy() {\n${lines(60, 'B')}\n}\n`);
  put(folder, 'src/two.ts', `function other() {\n${lines(60, 'B')}\n}\n`);
  put(folder, 'src/tested.ts', lines(100, 'C'));
  put(folder, 'test/tested.test.ts', 'test();\n');
  put(
    folder,
    'docs/a.md',
    '[there](../src/one.ts) [gone](b.md) [outside](../../e.md) [web](https://x.y) [in code](`c.md`)\n```\n[x](d.md)\n```\n',
  );
  put(folder, 'src/binary.ts', 'a\0// FIXME\n');
  git(folder, 'add', '.');
  git(folder, 'commit', '-qm', 'first');
  for (let count = 0; count < 6; count++) {
    put(folder, 'src/hot.ts', `export function hot() {\n${lines(30 + count, 'D')}\n        deep();\n}\n`);
    git(folder, 'add', '.');
    git(folder, 'commit', '-qm', 'again');
  }
}

describe('the analysis of code', () => {
  it('asks npm about dependencies only on request, without the variables of the person', async (context: TestContext) => {
    const folder = tempFolder(context);
    git(folder, 'init', '-q');
    put(folder, 'package-lock.json', '{}');
    const bin = tempFolder(context);
    const report = { vulnerabilities: { lodash: { severity: 'critical', via: [], range: '<4' } } };
    put(bin, 'audit', JSON.stringify(report));
    put(
      bin,
      'npm',
      `#!/bin/sh\necho "$1 \${SECRET_TOKEN}" >> '${bin}/calls'\n[ "$1" = audit ] && cat '${bin}/audit'\nexit 1\n`,
    );
    chmodSync(join(bin, 'npm'), 0o755);
    const { PATH: before } = process.env;
    process.env['PATH'] = `${bin}:${before}`;
    process.env['SECRET_TOKEN'] = 'secret';
    context.after(() => {
      process.env['PATH'] = before;
      delete process.env['SECRET_TOKEN'];
    });
    assert.deepEqual(await analyzeFolder(folder), []);
    assert.ok(!existsSync(join(bin, 'calls')));
    const found = await analyzeFolder(folder, { kinds: ['dependencies'] });
    assert.deepEqual(
      found.map(({ key }) => key),
      ['dependencies:vulnerable:lodash'],
    );
    put(bin, 'audit', '{ "error": { "code": "ENOTFOUND" } }');
    const failure = { code: 'InvalidInput', message: /npm did not answer/ };
    await assert.rejects(analyzeFolder(folder, { kinds: ['dependencies'] }), failure, 'no answer is not a clean one');
    rmSync(join(folder, 'package-lock.json'));
    await assert.rejects(analyzeFolder(folder, { kinds: ['dependencies'] }), /no package-lock\.json/);
    assert.deepEqual(readFileSync(join(bin, 'calls'), 'utf8').split('\n').sort(), [
      '',
      'audit ',
      'audit ',
      'outdated ',
      'outdated ',
    ]);
  });

  it('finds each kind with its files, and respects .gitignore', async (context: TestContext) => {
    const folder = tempFolder(context);
    repository(folder);
    symlinkSync('/etc/passwd', join(folder, 'src/link.ts'));
    const found = await analyzeFolder(folder);
    const keys = found.map(({ key }) => key);
    for (const key of [
      'notes:src/notes.ts',
      'long-files:src/long.ts',
      'long-functions:src/long.ts:first',
      'duplicates:src/one.ts:src/two.ts',
      'missing-tests:src/long.ts',
      'dead-links:docs/a.md',
      'hotspots:src/hot.ts',
    ]) {
      assert.ok(keys.includes(key), `${key} in ${keys.join(' ')}`);
    }
    assert.ok(!keys.some((key) => /ignored|binary|link\.ts|tested/.test(key)), keys.join(' '));
    assert.ok(found.every(({ score }) => score >= 0 && score <= 1));
    const notes = found.find(({ key }) => key === 'notes:src/notes.ts');
    assert.match(notes?.description ?? '', /line 2: FIXME handle the empty list\n- line 3: TODO rename/);
    assert.match(found.find(({ kind }) => kind === 'dead-links')?.description ?? '', /- b\.md$/);
    const kinds = new Set((await analyzeFolder(folder, { kinds: ['notes'] })).map(({ kind }) => kind));
    assert.deepEqual([...kinds], ['notes']);
  });

  it('reports progress and stops when it is cancelled', async (context: TestContext) => {
    const folder = tempFolder(context);
    repository(folder);
    const steps: string[] = [];
    const control = new AbortController();
    const progress = ({ message }: { message: string }): void => {
      steps.push(message);
      if (message === 'Reading files') control.abort();
    };
    await assert.rejects(analyzeFolder(folder, { signal: control.signal, progress }), { name: 'AbortError' });
    assert.deepEqual(steps.slice(0, 1), ['Counting lines']);
    await assert.rejects(analyzeFolder(folder, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  });

  it('rejects a folder outside of a repository and a missing one', async (context: TestContext) => {
    const folder = tempFolder(context);
    await assert.rejects(analyzeFolder(folder), { code: 'GitFailed' });
    await assert.rejects(analyzeFolder(join(folder, 'missing')), { code: 'GitFailed' });
    git(folder, 'init', '-q');
    assert.deepEqual(await analyzeFolder(folder), []);
  });

  it('creates tasks from suggestions of high confidence (F195, F196)', async (context: TestContext) => {
    const tasks = await bench(context);
    const { folder } = tasks.store;
    repository(folder);
    const tm = new TaskManager(tasks);
    const project = await tm.createProject('Blog API');

    const analyzer = new CodeAnalyzer();
    const suggestions = await analyzer.analyzeCodebase(join(folder, 'src'));

    for (const suggestion of suggestions.tasks) {
      if (suggestion.priority >= 0.7) {
        await tm.createTask({
          projectId: project.id,
          title: suggestion.title,
          description: suggestion.description,
          priority: suggestion.getPriorityLevel(),
          resourceConstraints: suggestion.estimatedConstraints,
        });
      }
    }

    const made = await tm.listTasks({ projectId: project.id });
    const expected = suggestions.tasks.filter(({ priority }) => priority >= 0.7);
    assert.ok(expected.length >= 1 && expected.length < suggestions.tasks.length, String(expected.length));
    assert.deepEqual(made.map(({ title }) => title).sort(), expected.map(({ title }) => title).sort());
    assert.ok(made.every(({ constraints }) => (constraints.max_tokens ?? 0) >= 10_000));
  });

  it('updates the tasks of an earlier analysis', async (context: TestContext) => {
    const tasks = await bench(context);
    repository(tasks.store.folder);
    const first = await tasks.run(planFromCode, { kinds: ['notes'] });
    assert.deepEqual(
      first.tasks.map(({ change }) => change),
      ['new'],
    );
    const again = await tasks.run(planFromCode, { kinds: ['notes'] });
    assert.deepEqual(
      again.tasks.map(({ change }) => change),
      ['unchanged'],
    );
    const none = await tasks.run(planFromCode, { kinds: ['notes'], minScore: 1 });
    assert.deepEqual(none.notes, [{ message: 'None of 1 suggestions has a score of 1.' }]);
    assert.equal((await tasks.store.getTasks()).length, 1);
  });
});
