import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type WorktreeBench, worktreeBench } from './bench.ts';

const child = fileURLToPath(new URL('crash-child.ts', import.meta.url));
const realGit = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

/** A git that ends the process that called it, before or after it does its call with a given number. */
function deadlyGit(context: TestContext): {
  readonly count: () => number;
  run(words: string[], kill?: string): boolean;
} {
  const bin = tempFolder(context);
  const counter = join(bin, 'count');
  writeFileSync(
    join(bin, 'git'),
    `#!/bin/sh
n=$(($(cat '${counter}') + 1)); echo $n > '${counter}'
[ "$KILL_AT" = "before $n" ] && { kill -9 $PPID; exit 1; }
'${realGit}' "$@"; code=$?
[ "$KILL_AT" = "after $n" ] && kill -9 $PPID
exit $code
`,
  );
  chmodSync(join(bin, 'git'), 0o755);
  return {
    count: () => Number(readFileSync(counter, 'utf8')),
    run(words, kill = '') {
      writeFileSync(counter, '0');
      const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}`, KILL_AT: kill };
      const { status, stderr } = spawnSync(process.execPath, [child, ...words], { env, encoding: 'utf8' });
      if (kill === '') assert.equal(status, 0, stderr);
      return status === 0;
    },
  };
}

/** Reads the store anew: the killed process wrote it. */
async function workspaceOf(bench: WorktreeBench, number: number) {
  const store = await TaskStore.open({ folder: bench.repository.folder, watch: false });
  try {
    return store.resolve(String(number)).workspace;
  } finally {
    await store.close();
  }
}

const what = 'merge';

describe(`Killed in a step of ${what}`, () => {
  it('nothing is lost, and doing it again ends it', { timeout: 200_000 }, async (context) => {
    const git = deadlyGit(context);
    const bench = await worktreeBench(context);
    bench.repository.commit({ 'theirs.txt': 't\n' });
    const { folder } = bench.repository;
    const first = await bench.done({ 'a.txt': '1\n2\nthree\n4\n5\n', 'new1.txt': '1\n' });
    bench.repository.write('b.txt', 'mine\n');
    await bench.store.close();
    git.run([folder, String(first.number), what]);
    const steps = git.count();
    for (let step = 1; step <= steps; step += Math.ceil(steps / 6)) {
      for (const moment of [step % 2 === 0 ? 'before' : 'after']) {
        const again = await worktreeBench(context, tempFolder(context));
        const task = await again.done({ 'a.txt': '1\n2\nthree\n4\n5\n', 'new.txt': 'x\n' });
        const place = again.repository.folder;
        const tip = again.repository.git('rev-parse', task.workspace?.branch ?? '');
        again.repository.commit({ 'theirs.txt': 't\n' });
        again.repository.write('b.txt', 'mine\n');
        await again.store.close();
        const name = `${moment} ${step} of ${steps}`;
        git.run([place, '1', what], `${moment} ${step}`);
        assert.equal(readFileSync(join(place, 'b.txt'), 'utf8'), 'mine\n', name);
        assert.equal(again.repository.git('cat-file', '-t', tip), 'commit', name);
        const after = await workspaceOf(again, 1);
        if (after?.merged_at === undefined) git.run([place, '1', what]);
        const ended = await workspaceOf(again, 1);
        assert.equal(readFileSync(join(place, 'b.txt'), 'utf8'), 'mine\n', name);
        assert.ok(ended?.merged_at !== undefined, name);
        assert.equal(readFileSync(join(place, 'new.txt'), 'utf8'), 'x\n', name);
        assert.equal(readFileSync(join(place, 'a.txt'), 'utf8'), '1\n2\nthree\n4\n5\n', name);
        assert.equal(again.repository.git('status', '--porcelain', '--', '*.txt'), ' M b.txt', name);
      }
    }
  });
});
