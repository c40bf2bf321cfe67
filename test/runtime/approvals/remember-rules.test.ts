import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { TaskError } from '../../../src/core/errors.ts';
import type { PermissionRule } from '../../../src/core/policy/rule.ts';
import { permissionRuleSchema } from '../../../src/core/policy/rules.ts';
import { rememberRules } from '../../../src/runtime/approvals/remember-rules.ts';
import { confirmWorkspace, loadSettings } from '../../../src/runtime/settings/settings.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const rule: PermissionRule = permissionRuleSchema.parse({ allow: 'command', pattern: 'npm test *' });

interface Bench {
  readonly folder: string;
  readonly file: string;
  readonly env: { readonly XDG_CONFIG_HOME: string };
}

function bench(context: TestContext, text?: string): Bench {
  const folder = tempFolder(context);
  mkdirSync(join(folder, '.systemprompt'));
  const file = join(folder, '.systemprompt', 'config.json');
  if (text !== undefined) writeFileSync(file, text, { mode: 0o640 });
  return { folder, file, env: { XDG_CONFIG_HOME: join(folder, 'machine') } };
}

async function refusal(promise: Promise<unknown>): Promise<TaskError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(TaskError.is(error), String(error));
    return error;
  }
  assert.fail('It was not refused.');
}

describe('a remembered rule', () => {
  it('is written to the file and applies at once', async (context) => {
    const { folder, file, env } = bench(context);
    await rememberRules(folder, [rule], env);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { rules: [rule] });
    const { rules, problems } = await loadSettings(folder, env);
    assert.deepEqual([rules, problems], [[rule], []]);
  });

  it('keeps the rest of the file unchanged, including unknown keys', async (context) => {
    const text = '{\n\t"mine":   { "b": 1, "a": [ 1,2 ] },\n\t"rules": [\n\t\t{"deny":"web_search"}\n\t]\n}\n';
    const { folder, file, env } = bench(context, text);
    await rememberRules(folder, [rule], env);
    const added = ',\n\t\t{ "allow": "command", "pattern": "npm test *" }\n\t]';
    assert.equal(readFileSync(file, 'utf8'), text.replace('\n\t]', added));
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.deepEqual(
      readdirSync(join(folder, '.systemprompt')).filter((name) => name !== 'config.json'),
      [],
      'nothing is left beside it',
    );
  });

  it('is stored once, however often it is remembered', async (context) => {
    const { folder, file, env } = bench(context);
    await rememberRules(folder, [rule, rule], env);
    const first = readFileSync(file, 'utf8');
    await rememberRules(folder, [rule], env);
    assert.equal(readFileSync(file, 'utf8'), first);
    assert.equal(JSON.parse(first).rules.length, 1);
  });

  it('does not confirm imported rules', async (context) => {
    const text = JSON.stringify({ rules: [{ allow: 'command', pattern: 'curl x' }] });
    const { folder, file, env } = bench(context, text);
    const error = await refusal(rememberRules(folder, [rule], env));
    assert.equal(error.code, 'NotConfirmed');
    assert.match(JSON.stringify(error.next), /"operation":"agents"/);
    assert.equal(readFileSync(file, 'utf8'), text);
    assert.deepEqual((await loadSettings(folder, env)).rules, []);
  });

  it('neither confirms imported agents nor revokes confirmed ones', async (context) => {
    const { folder, env } = bench(context, JSON.stringify({ agents: { X: { command: 'x' } } }));
    await rememberRules(folder, [rule], env);
    const { rules, unconfirmed, unconfirmedDigests } = await loadSettings(folder, env);
    assert.deepEqual([rules, unconfirmed], [[rule], ['X']]);
    await confirmWorkspace(folder, [unconfirmedDigests?.agents ?? ''], env);
    await rememberRules(folder, [{ allow: 'command', pattern: 'npm run lint' }], env);
    const after = await loadSettings(folder, env);
    assert.deepEqual([after.unconfirmed, after.unconfirmedRules, after.rules?.length], [[], [], 2]);
  });

  it('is confirmed alone, without rules added to the file later', async (context) => {
    const { folder, file, env } = bench(context);
    await rememberRules(folder, [rule], env);
    writeFileSync(file, JSON.stringify({ rules: [rule, { allow: 'command', pattern: 'curl x' }] }));
    assert.deepEqual((await loadSettings(folder, env)).rules, []);
  });

  for (const [what, text] of Object.entries({
    'no JSON': '{ // mine\n}',
    'wrong settings': '{"rules":[{"allow":"all"}]}',
  })) {
    it(`is not written into ${what}`, async (context) => {
      const { folder, file, env } = bench(context, text);
      assert.equal((await refusal(rememberRules(folder, [rule], env))).code, 'SettingsUnreadable');
      assert.equal(readFileSync(file, 'utf8'), text);
    });
  }

  it('is not written through a link', async (context) => {
    const { folder, file, env } = bench(context);
    const target = join(folder, 'elsewhere.json');
    writeFileSync(target, '{}');
    symlinkSync(target, file);
    assert.equal((await refusal(rememberRules(folder, [rule], env))).code, 'SettingsUnreadable');
    assert.equal(readFileSync(target, 'utf8'), '{}');
  });

  it('keeps the other rules valid during the write', async (context) => {
    const { folder, env } = bench(context);
    await rememberRules(folder, [rule], env);
    const child = new URL('../../support/remember-child.ts', import.meta.url).pathname;
    const writing = promisify(execFile)(process.execPath, [child, folder, 'x', '40'], {
      env: { ...process.env, ...env },
    });
    let ended = false;
    void writing.finally(() => {
      ended = true;
    });
    while (!ended) {
      const { rules = [], problems } = await loadSettings(folder, env);
      assert.deepEqual([rules[0], problems], [rule, []]);
    }
    await writing;
    assert.equal((await loadSettings(folder, env)).rules?.length, 41);
  });

  it('survives concurrent writers and the kill of one of them', async (context) => {
    const { folder, file, env } = bench(context, '{ "mine": true }');
    // What a process leaves that dies while it writes.
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    writeFileSync(`${file}.lock`, JSON.stringify({ host: hostname(), pid, started: '' }));
    const child = new URL('../../support/remember-child.ts', import.meta.url).pathname;
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(
      names.map((name) =>
        promisify(execFile)(process.execPath, [child, folder, name, '6'], { env: { ...process.env, ...env } }),
      ),
    );
    const { mine, rules } = JSON.parse(readFileSync(file, 'utf8'));
    assert.equal(mine, true);
    assert.deepEqual(
      rules.map(({ pattern }: { pattern: string }) => pattern).sort(),
      names.flatMap((name) => [0, 1, 2, 3, 4, 5].map((at) => `${name} ${at}`)),
    );
    assert.equal((await loadSettings(folder, env)).rules?.length, 24, 'all of them count');
    assert.equal(existsSync(`${file}.lock`), false);
  });
});
