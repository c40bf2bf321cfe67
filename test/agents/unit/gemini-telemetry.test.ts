import assert from 'node:assert/strict';
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { geminiTelemetry } from '../../../src/agents/records/gemini-telemetry.ts';
import type { RunRecord } from '../../../src/agents/records/run-record.ts';
import { tempFolder } from '../../support/temp-folder.ts';

interface Place {
  readonly home: string;
  readonly cwd: string;
  readonly folder: string;
  readonly env: Record<string, string>;
}

function place(t: TestContext): Place {
  const base = tempFolder(t);
  const [home, cwd, folder] = ['home', 'work/inner', 'record'].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [home, cwd, folder]) mkdirSync(one, { recursive: true });
  const machine = join(base, 'machine.json');
  return { home, cwd, folder, env: { HOME: home, GEMINI_CLI_SYSTEM_SETTINGS_PATH: machine } };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** An entry as Gemini CLI writes it. */
function call(role: string, input: number, output: number, more: object = {}): string {
  const counts = { input_token_count: input, output_token_count: output, total_token_count: input + output };
  const attributes = { 'event.name': 'gemini_cli.api_response', ...counts, role, ...more };
  return `${JSON.stringify({ resource: { name: 'ü' }, attributes }, null, 2)}\n`;
}

const metrics = `${JSON.stringify({ scopeMetrics: [{ name: 'gemini_cli.api_response.count' }] }, null, 2)}\n`;

async function recordOf(t: TestContext): Promise<{ readonly record: RunRecord; readonly file: string }> {
  const own = place(t);
  const record = await geminiTelemetry(own);
  assert.ok(record !== undefined);
  t.after(() => record.dispose());
  const file = record.env.GEMINI_TELEMETRY_OUTFILE ?? '';
  assert.equal(dirname(file), own.folder);
  return { record, file };
}

describe('the telemetry of Gemini CLI', () => {
  it('has the calls that a chat has, and those beside them', async (t) => {
    const { record, file } = await recordOf(t);
    assert.equal(await record.read(), undefined);
    writeFileSync(
      file,
      `${metrics}${call('utility_router', 7, 3)}${call('main', 100, 10, { thoughts_token_count: 5 })}`,
    );
    const cost = undefined;
    const first = {
      recorded: { input: 100, output: 15, total: 110, cost },
      beside: { input: 7, output: 3, total: 10, cost },
    };
    assert.deepEqual(await record.read(), first);
    assert.deepEqual(await record.read(), first, 'nothing is counted twice');
  });

  it('is never there with the prompts of a person', async (t) => {
    const { record } = await recordOf(t);
    assert.equal(record.env.GEMINI_TELEMETRY_LOG_PROMPTS, 'false');
    assert.equal(record.env.GEMINI_TELEMETRY_TARGET, 'local');
  });

  it('is read on by pieces, and after it was emptied', async (t) => {
    const { record, file } = await recordOf(t);
    const text = call('main', 1, 1);
    writeFileSync(file, text.slice(0, 50));
    const agent = openSync(file, 'a');
    t.after(() => closeSync(agent));
    assert.equal(await record.read(), undefined);
    writeSync(agent, text.slice(50));
    assert.equal((await record.read())?.recorded.total, 2);
    const long = `${JSON.stringify({ attributes: { text: 'x'.repeat(9 << 20) } }, null, 2)}\n`;
    writeSync(agent, long);
    assert.equal((await record.read())?.recorded.total, 2);
    writeSync(agent, call('main', 3, 1));
    assert.equal((await record.read())?.recorded.total, 6);
    assert.ok(fstatSync(agent).size < 9 << 20, 'the file was not emptied');
  });

  it('skips an entry that cannot be read', async (t) => {
    const { record, file } = await recordOf(t);
    writeFileSync(file, `{\n  "gemini_cli.api_response\n}\n${call('main', 1, 1)}`);
    assert.equal((await record.read())?.recorded.total, 2);
    await record.dispose();
    assert.equal(existsSync(dirname(file)), false, 'the folder is left');
  });
});

describe('the telemetry that a person configured', () => {
  const cases: Record<string, (own: Place) => Record<string, string> | undefined> = {
    'in the environment': () => ({ GEMINI_TELEMETRY_ENABLED: 'false' }),
    'for all programs': () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }),
    'in the settings of the person': ({ home }) => {
      write(join(home, '.gemini/settings.json'), '{ // a comment\n "telemetry": { "enabled": false } }');
      return undefined;
    },
    'in the settings of the folder': ({ cwd }) => {
      write(join(cwd, '.gemini/settings.json'), '{ "telemetry": {} }');
      return undefined;
    },
    'in the settings of the machine': ({ env }) => {
      write(env.GEMINI_CLI_SYSTEM_SETTINGS_PATH ?? '', '{ "telemetry": {} }');
      return undefined;
    },
    'in the defaults of the machine': ({ env }) => {
      write(join(dirname(env.GEMINI_CLI_SYSTEM_SETTINGS_PATH ?? ''), 'system-defaults.json'), '{ "telemetry": {} }');
      return undefined;
    },
    'in variables of a folder above': ({ cwd }) => {
      write(join(dirname(cwd), '.env'), 'GEMINI_TELEMETRY_OUTFILE=/somewhere\n');
      return undefined;
    },
    'in variables of the person': ({ home }) => {
      write(join(home, '.gemini/.env'), 'GEMINI_TELEMETRY_ENABLED=1\n');
      return undefined;
    },
    'in a file that cannot be read': ({ home }) => {
      mkdirSync(join(home, '.gemini/settings.json'), { recursive: true });
      return undefined;
    },
  };
  for (const [where, configure] of Object.entries(cases)) {
    it(`${where} stays untouched`, async (t) => {
      const own = place(t);
      const more = configure(own) ?? {};
      assert.equal(await geminiTelemetry({ ...own, env: { ...own.env, ...more } }), undefined);
    });
  }

  it('is not there with other settings', async (t) => {
    const own = place(t);
    write(join(own.home, '.gemini/settings.json'), '{ "general": {} }');
    write(join(own.cwd, '.env'), 'GEMINI_API_KEY=some\n');
    assert.ok((await geminiTelemetry(own)) !== undefined);
  });
});
