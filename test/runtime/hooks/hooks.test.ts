import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { confirmWorkspace, loadSettings } from '../../../src/runtime/settings/settings.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';
import { workerBench } from '../../support/worker-bench.ts';

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

describe('hooks', () => {
  it('run on the events of tasks, with the event on standard input', async (context) => {
    const folder = tempFolder(context);
    const file = join(folder, 'events');
    const hooks = [{ command: `cat >> "${file}"` }, { on: ['failed' as const], command: `echo only >> "${file}"` }];
    const bench = await workerBench(context, { folder, settings: { hooks } });
    const good = await bench.run({ title: 'Good', instructions: 'true' });
    await bench.reaches(good.id, 'completed');
    await until('the first hook ran', () => read(file).includes('"completed"'));
    const bad = await bench.run({ title: 'Bad', instructions: 'exit 3' });
    await bench.reaches(bad.id, 'failed');
    await until('both hooks ran', () => read(file).includes('only') && read(file).includes('"failed"'));
    const events = read(file)
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      events.map(({ event, task }) => [event, task.title]),
      [
        ['completed', 'Good'],
        ['failed', 'Bad'],
      ],
    );
  });

  it('are reported when they fail or hang, and delay nothing', async (context) => {
    const hooks = [
      { command: 'echo why >&2; exit 7' },
      { command: 'sleep 60', timeoutSeconds: 0.2 },
      { command: 'yes', timeoutSeconds: 0.2 },
      { command: '/nonexistent/hook' },
    ];
    const bench = await workerBench(context, { settings: { hooks } });
    const { id } = await bench.run({ title: 'Good', instructions: 'true' });
    await bench.reaches(id, 'completed');
    const warnings = async (): Promise<string[]> => {
      const { entries } = await bench.store.getLogs(id, { limit: 100 });
      return entries.filter(({ metadata }) => metadata?.source === 'hook').map(({ message }) => message);
    };
    let found: string[] = [];
    await until('all are reported', async () => {
      found = await warnings();
      return found.length === hooks.length;
    });
    assert.ok(found.some((text) => /^The hook ended with 7: .*\nwhy$/.test(text)));
    assert.equal(found.filter((text) => /did not end within 1 seconds?/.test(text)).length, 2);
    assert.ok(found.every((text) => text.length < 2_000));
    assert.equal(bench.store.resolve(id).status, 'completed');
  });

  it('are reported without the path of a web address, which is the secret of a webhook', async (context) => {
    const hooks = [
      { command: `echo "no https://ada:pw@chat.example.com/out/KEY2"; false https://chat.example.com/hook/KEY1` },
    ];
    const bench = await workerBench(context, { settings: { hooks } });
    const { id } = await bench.run({ title: 'Good', instructions: 'true' });
    await bench.reaches(id, 'completed');
    let found: string | undefined;
    await until('it is reported', async () => {
      const { entries } = await bench.store.getLogs(id, { limit: 100 });
      found = entries.find(({ metadata }) => metadata?.source === 'hook')?.message;
      return found !== undefined;
    });
    assert.doesNotMatch(found ?? '', /KEY|pw/);
    assert.match(found ?? '', /false https:\/\/chat\.example\.com\/…\nno https:\/\/chat\.example\.com\/…$/);
  });

  it('of a folder run only after a confirmation, which shows their commands', async (context) => {
    const folder = tempFolder(context);
    const env = { XDG_CONFIG_HOME: join(folder, 'machine') };
    mkdirSync(join(folder, '.systemprompt'));
    const hooks = [{ command: 'evil' }];
    writeFileSync(join(folder, '.systemprompt', 'config.json'), JSON.stringify({ hooks }));
    const before = await loadSettings(folder, env);
    assert.equal(before.hooks, undefined);
    assert.deepEqual(before.unconfirmedSettings, ['hooks.0: {"command":"evil"}']);
    await confirmWorkspace(folder, [before.unconfirmedDigests?.settings ?? ''], env);
    assert.deepEqual((await loadSettings(folder, env)).hooks, hooks);
    writeFileSync(join(folder, '.systemprompt', 'config.json'), JSON.stringify({ hooks: [...hooks, ...hooks] }));
    assert.equal((await loadSettings(folder, env)).hooks, undefined, 'a change needs a new confirmation');
  });
});
