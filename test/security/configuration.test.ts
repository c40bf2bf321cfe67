import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import {
  confirmWorkspace,
  loadSettings,
  machineSettingsFile,
  type Settings,
  workspaceSettingsFile,
} from '../../src/runtime/settings/settings.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { faultyFiles, wideningSettings } from './data/configurations.ts';

interface Bench {
  readonly machine: string;
  readonly workspace: string;
  readonly load: () => Promise<Settings>;
  readonly write: (settings: object | string) => void;
  readonly confirm: (digest: string | undefined) => Promise<void>;
}

function bench(context: TestContext, machine: object = {}): Bench {
  const folder = join(tempFolder(context), 'project');
  const env = { XDG_CONFIG_HOME: join(folder, '..', 'home') };
  const put = (file: string, value: object | string): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  };
  put(machineSettingsFile(env), machine);
  return {
    machine: machineSettingsFile(env),
    workspace: workspaceSettingsFile(folder),
    load: () => loadSettings(folder, env),
    write: (value) => put(workspaceSettingsFile(folder), value),
    confirm: (digest) => confirmWorkspace(folder, [digest ?? ''], env),
  };
}

const inForce = ({
  worker,
  isolation,
  worktrees,
  checkpoints,
  recovery,
  onDependencyFailed,
  logs,
  archive,
  prompt,
}: Settings): unknown =>
  JSON.parse(
    JSON.stringify({ worker, isolation, worktrees, checkpoints, recovery, onDependencyFailed, logs, archive, prompt }),
  );

describe("a folder's own config.json", () => {
  for (const settings of wideningSettings) {
    it(`takes effect after a confirmation, by digest: ${JSON.stringify(settings)}`, async (context) => {
      const { load, write, confirm } = bench(context);
      const before = inForce(await load());
      write(settings);
      const waiting = await load();
      assert.deepEqual(inForce(waiting), before);
      const [key = ''] = Object.keys(settings);
      assert.ok(
        waiting.unconfirmedSettings?.some((each) => each.startsWith(key)),
        `${waiting.unconfirmedSettings}`,
      );
      assert.match(waiting.problems.join(), new RegExp(`${key}.* take effect after you confirm them`));
      await confirm(waiting.unconfirmedDigests?.settings);
      const confirmed = await load();
      assert.notDeepEqual(inForce(confirmed), before);
      assert.deepEqual([confirmed.unconfirmedSettings, confirmed.problems], [[], []]);
      write({ ...settings, worker: { maxParallel: 63, sessionIdleMinutes: 5 } });
      assert.deepEqual(inForce(await load()), before, 'another content needs another confirmation');
    });
  }

  it('applies stricter values at once, without a confirmation', async (context) => {
    const machine = {
      worker: { maxParallel: 8, maxPerAgent: { CODEX: 3 } },
      isolation: 'none',
      worktrees: { onComplete: 'merge' },
      onDependencyFailed: 'ignore',
      budget: { perDay: { tokens: 1_000 } },
    };
    const { load, write } = bench(context, machine);
    write({
      worker: { maxParallel: 4, maxPerAgent: { CODEX: 1, GEMINI: 1 } },
      isolation: 'worktree',
      worktrees: { onComplete: 'review' },
      onDependencyFailed: 'block',
      budget: { perDay: { tokens: 5_000, costUsd: 1 } },
      rules: [{ deny: 'web_search' }],
    });
    const settings = await load();
    assert.deepEqual(settings.worker, { maxParallel: 4, maxPerAgent: { CODEX: 1, GEMINI: 1 } });
    assert.deepEqual(
      [settings.isolation, settings.worktrees?.onComplete, settings.onDependencyFailed],
      ['worktree', 'review', 'block'],
    );
    assert.deepEqual(settings.budget, { perDay: { tokens: 1_000, costUsd: 1 } });
    assert.deepEqual(settings.rules, [{ deny: 'web_search' }]);
    assert.deepEqual([settings.unconfirmedSettings, settings.unconfirmedDigests, settings.problems], [[], {}, []]);
  });

  it('can start with a byte order mark', async (context) => {
    const { load, write } = bench(context);
    write('\uFEFF{"isolation": "worktree"}\r\n');
    assert.deepEqual([(await load()).isolation, (await load()).problems], ['worktree', []]);
  });

  it('is not read through a link or from a pipe, unlike a linked file of the machine', {
    skip: process.platform === 'win32',
  }, async (context) => {
    const { load, machine, workspace } = bench(context, { isolation: 'worktree' });
    renameSync(machine, `${machine}.own`);
    symlinkSync(`${machine}.own`, machine);
    mkdirSync(dirname(workspace), { recursive: true });
    symlinkSync(`${machine}.own`, workspace);
    const linked = await load();
    assert.equal(linked.isolation, 'worktree');
    assert.match(linked.problems.join(), /config\.json: it is a link, which is not followed/);
    rmSync(workspace);
    execFileSync('mkfifo', [workspace]);
    assert.match((await load()).problems.join(), /config\.json: not a regular file/);
  });

  for (const [name, file, faults, unread] of faultyFiles) {
    it(`keeps the valid parts if one is invalid: ${name}`, async (context) => {
      const { load, write } = bench(context);
      write({ isolation: 'worktree', rules: [{ deny: 'web_search' }], ...file });
      const settings = await load();
      assert.equal(settings.isolation, 'worktree');
      assert.ok(
        settings.rules?.some((rule) => 'deny' in rule),
        'the rule that denies',
      );
      for (const fault of faults)
        assert.ok(
          settings.problems.some((problem) => problem.includes(fault)),
          fault,
        );
      assert.equal((settings.unread ?? []).length > 0, unread, 'whether it may hide a limit or a rule that denies');
    });
  }
});
