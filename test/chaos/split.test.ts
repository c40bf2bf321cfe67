import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { TaskRecord } from '../../src/core/task/schema.ts';
import { TaskStore } from '../../src/store/task-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

const child = fileURLToPath(new URL('support/split-child.ts', import.meta.url));
const rounds = Number(process.env['CHAOS'] ?? 0);
const KILLS = rounds === 0 ? 4 : 20 * rounds;
const moments = ['before', 'within', 'after'] as const;

/** The task and its parts, as a process finds them that opens the store next. */
async function found(folder: string): Promise<{ readonly whole: TaskRecord; readonly parts: readonly TaskRecord[] }> {
  const store = await TaskStore.open({ folder, watch: false });
  try {
    const whole = store.resolve('1');
    return { whole, parts: [...store.view.children(whole.id)] };
  } finally {
    await store.close();
  }
}

function split(folder: string, kill = ''): string {
  const env = { ...process.env, DISK_KILL_AT: kill };
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [child, folder, '1'], {
    env,
    encoding: 'utf8',
  });
  if (kill === '') assert.equal(status, 0, stderr);
  else assert.ok(signal === 'SIGKILL' || status === 0, stderr);
  return stdout.trim();
}

async function checkSplit(folder: string, name: string): Promise<void> {
  const { whole, parts } = await found(folder);
  assert.deepEqual([whole.kind, parts.length], ['group', 3], name);
  assert.equal(new Set(parts.map(({ number }) => number)).size, 3, name);
  const limits = parts.map(({ constraints }) => constraints.max_tokens ?? 0);
  assert.ok(limits.every((limit) => limit > 0) && limits.reduce((a, b) => a + b, 0) <= 3_000, `${name}: ${limits}`);
}

describe('a split in a process that is killed', () => {
  it(`happens once or not at all (${KILLS} kills at changes of files)`, { timeout: 60 * 60_000 }, async (context) => {
    const folder = join(tempFolder(context), 'work');
    mkdirSync(folder);
    const store = await TaskStore.open({ folder, watch: false });
    const instructions = '- [ ] First\n- [ ] Second\n- [ ] Third\n';
    await store.createTask({ title: 'Whole', instructions, tool: 'SHELL', constraints: { max_tokens: 3_000 } });
    await store.close();
    const copy = `${folder}-copy`;
    cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
    const steps = Number(split(folder));
    assert.ok(steps > 0, 'no change of a file was counted');
    await checkSplit(folder, 'calm');
    let undone = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      // The split is stored by the first two changes, so that every second kill is in them.
      const step = 1 + Math.floor(Math.random() * (kill % 2 === 0 ? 2 : steps));
      const name = `${moments[kill % moments.length]} ${step}`;
      context.diagnostic(`${name} of ${steps}`);
      rmSync(folder, { recursive: true });
      cpSync(copy, folder, { recursive: true, preserveTimestamps: true });
      split(folder, name);
      const { whole, parts } = await found(folder);
      if (whole.kind === 'work') {
        undone += 1;
        assert.deepEqual([whole.status, whole.constraints.max_tokens, parts], ['pending', 3_000, []], name);
        split(folder);
      }
      await checkSplit(folder, name);
    }
    context.diagnostic(`${undone} of ${KILLS} kills came before the split was stored`);
  });
});
