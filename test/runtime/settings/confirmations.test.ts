import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { confirmWorkspace, loadSettings, type Settings } from '../../../src/runtime/settings/settings.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const agents = { OWN: { command: 'own-agent', args: ['--acp'] } };
const rules = [{ allow: 'command', pattern: 'npm test' }];

interface Bench {
  write(settings: object): void;
  /** Reads the file, as somebody does who is shown it. */
  shown(): Promise<Settings>;
  confirm(...digests: (string | undefined)[]): Promise<void>;
}

function bench(context: TestContext): Bench {
  const folder = tempFolder(context);
  const env = { XDG_CONFIG_HOME: join(folder, 'machine') };
  mkdirSync(join(folder, '.systemprompt'));
  return {
    write: (settings) => writeFileSync(join(folder, '.systemprompt', 'config.json'), JSON.stringify(settings)),
    shown: () => loadSettings(folder, env),
    confirm: (...digests) =>
      confirmWorkspace(
        folder,
        digests.map((digest) => digest ?? 'none'),
        env,
      ),
  };
}

const stands = ({ unconfirmed, unconfirmedRules }: Settings): unknown => ({ unconfirmed, unconfirmedRules });

describe('confirming the configuration of a folder', () => {
  it('confirms the displayed content, not the current file', async (context) => {
    const { write, shown, confirm } = bench(context);
    write({ agents });
    const { agents: digest } = (await shown()).unconfirmedDigests ?? {};
    for (const changed of [
      { agents: { OWN: { command: 'own-agent', args: ['--acp', '--evil'] } } },
      { agents: { ...agents, SECOND: { command: 'second' } } },
      { agents: { OWN: { ...agents.OWN, env: { LD_PRELOAD: 'x' } } } },
      {},
    ]) {
      write(changed);
      await assert.rejects(confirm(digest), { code: 'ChangedSinceShown' });
      assert.deepEqual((await shown()).unconfirmed, Object.keys(changed.agents ?? {}));
    }
    write({ agents });
    assert.deepEqual((await shown()).unconfirmed, ['OWN'], 'a refusal has confirmed nothing');
    await confirm(digest);
    assert.deepEqual((await shown()).unconfirmed, []);
    assert.deepEqual((await shown()).unconfirmedDigests, {});
  });

  it('handles agents and rules separately, and asks again for a changed one', async (context) => {
    const { write, shown, confirm } = bench(context);
    write({ agents, rules });
    const first = (await shown()).unconfirmedDigests;
    await confirm(first?.rules);
    assert.deepEqual(stands(await shown()), { unconfirmed: ['OWN'], unconfirmedRules: [] });
    assert.deepEqual((await shown()).rules, rules);
    await confirm(first?.agents);
    assert.deepEqual(stands(await shown()), { unconfirmed: [], unconfirmedRules: [] });
    write({ agents, rules, policy: 'standard' });
    assert.deepEqual(stands(await shown()), {
      unconfirmed: [],
      unconfirmedRules: ['policy "standard"', 'allow command "npm test"'],
    });
    write({ agents: { OWN: { command: 'other' } }, rules });
    assert.deepEqual(stands(await shown()), { unconfirmed: ['OWN'], unconfirmedRules: [] });
  });

  it('refuses both if one of them has changed', async (context) => {
    const { write, shown, confirm } = bench(context);
    write({ agents, rules });
    const { unconfirmedDigests: first } = await shown();
    write({ agents, rules: [{ allow: 'read', pattern: '**' }] });
    await assert.rejects(confirm(first?.agents, first?.rules), { code: 'ChangedSinceShown' });
    assert.deepEqual((await shown()).unconfirmed, ['OWN']);
    await assert.rejects(confirm(), { code: 'ChangedSinceShown' });
  });

  it('shows agents that resemble rules as agents', async (context) => {
    const { write, shown, confirm } = bench(context);
    write({ agents: { agents: {}, allowing: rules } });
    await confirm((await shown()).unconfirmedDigests?.agents);
    write({ rules });
    assert.deepEqual((await shown()).rules, [], 'what is confirmed as the one is not the other');
  });

  it('shows invisible characters', async (context) => {
    const { write, shown } = bench(context);
    write({ agents: { OWN: { command: 'own\u200b', args: ['\u202egpj.exe'] } } });
    assert.equal((await shown()).unconfirmedCommands?.['OWN'], '"own\\u{200b}" "\\u{202e}gpj.exe"');
  });
});
