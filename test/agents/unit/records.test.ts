import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { claudeRecord } from '../../../src/agents/records/claude.ts';
import { codexRecord } from '../../../src/agents/records/codex.ts';
import { geminiRecord } from '../../../src/agents/records/gemini.ts';
import { opencodeRecord } from '../../../src/agents/records/opencode.ts';
import type { SpendRecord } from '../../../src/agents/records/record.ts';
import { type Sums, sumOf } from '../../../src/agents/records/sums.ts';

const HOME = mkdtempSync(join(tmpdir(), 'records-'));
after(() => rmSync(HOME, { recursive: true, force: true }));
const env = { HOME };
const sessionId = '01a21fb3-bec1-7151-b87b-3c1796802da3';

function write(path: string, ...lines: object[]): string {
  const file = join(HOME, path);
  mkdirSync(dirname(file), { recursive: true });
  for (const line of lines) appendFileSync(file, `${JSON.stringify(line)}\n`);
  return file;
}

async function sums(record: SpendRecord | undefined): Promise<Sums | undefined> {
  return sumOf(await record?.read());
}

const without = { cost: undefined };

describe("an agent's own record of a session", () => {
  it('is undefined while there is none, and for an id that is no file name', async () => {
    assert.equal(await sums(claudeRecord({ sessionId: 'no-such-session', env })), undefined);
    for (const record of [claudeRecord, codexRecord, geminiRecord, opencodeRecord]) {
      assert.equal(record({ sessionId: '../../etc/passwd', env }), undefined);
    }
  });

  it('Claude Code: each message once, with caches and subagents, and what is added later', async () => {
    const message = (id: string, input: number): object => {
      const cache = { cache_read_input_tokens: 30, cache_creation_input_tokens: 4 };
      const usage = { input_tokens: input, output_tokens: 5, ...cache };
      return { type: 'assistant', message: { id, model: 'some-model', usage } };
    };
    const folder = '.claude/projects/-work';
    const record = claudeRecord({ sessionId, env });
    write(`${folder}/${sessionId}.jsonl`, { type: 'user' }, message('one', 100), message('one', 100));
    assert.deepEqual(await sums(record), { input: 134, output: 5, total: 139, ...without });
    write(`${folder}/${sessionId}/subagents/agent-1.jsonl`, message('two', 200));
    write(`${folder}/${sessionId}.jsonl`, message('three', 1_000));
    assert.deepEqual(await sums(record), { input: 1_402, output: 15, total: 1_417, ...without });
  });

  it('takes no half line, and skips one that cannot be read', async () => {
    const id = '11111111-half';
    const line = JSON.stringify({
      type: 'assistant',
      message: { id: 'a', usage: { input_tokens: 7, output_tokens: 1 } },
    });
    const file = write(`.claude/projects/-half/${id}.jsonl`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `{"usage" broken\n${line.slice(0, 20)}`);
    const record = claudeRecord({ sessionId: id, env });
    assert.deepEqual(await sums(record), { input: 0, output: 0, total: 0, ...without });
    appendFileSync(file, `${line.slice(20)}\n`);
    assert.deepEqual(await sums(record), { input: 7, output: 1, total: 8, ...without });
  });

  it('does not wait for a pipe', async () => {
    const gemini = join(HOME, '.gemini/tmp/pipes/chats');
    mkdirSync(gemini, { recursive: true });
    execFileSync('mkfifo', [join(gemini, `session-2026-01-01T00-00-${sessionId.slice(0, 8)}.jsonl`)]);
    const home = join(HOME, 'pipes');
    mkdirSync(join(home, '.local/share/opencode'), { recursive: true });
    execFileSync('mkfifo', [join(home, '.local/share/opencode/opencode.db')]);
    assert.equal(await sums(geminiRecord({ sessionId, env })), undefined);
    assert.equal(await sums(opencodeRecord({ sessionId, env: { HOME: home } })), undefined);
    rmSync(join(HOME, '.gemini'), { recursive: true });
  });

  it('is not read through a link', async () => {
    const id = '22222222-link';
    const target = write('elsewhere.jsonl', { type: 'assistant', message: { id: 'a', usage: { input_tokens: 7 } } });
    mkdirSync(join(HOME, '.claude/projects/-link'), { recursive: true });
    symlinkSync(target, join(HOME, '.claude/projects/-link', `${id}.jsonl`));
    assert.equal((await sums(claudeRecord({ sessionId: id, env })))?.total, 0);
  });

  it('Codex: each response, in the newest folder that has the session', async () => {
    const usage = { input_tokens: 1_000, cached_input_tokens: 400, output_tokens: 50, total_tokens: 1_050 };
    const record = (response_id: string): object => ({ type: 'token_usage_record', payload: { response_id, usage } });
    write(
      `.codex/sessions/2026/11/28/rollout-2026-11-28T01-10-03-${sessionId}.jsonl`,
      record('a'),
      record('b'),
      record('a'),
    );
    assert.deepEqual(await sums(codexRecord({ sessionId, env })), {
      input: 2_000,
      output: 100,
      total: 2_100,
      ...without,
    });
    assert.equal(await sums(codexRecord({ sessionId, env: { ...env, CODEX_HOME: join(HOME, 'other') } })), undefined);
  });

  it('Gemini CLI: each answer with thoughts, in all files of the session and no other', async () => {
    const tokens = { input: 100, output: 10, cached: 20, thoughts: 5, tool: 1, total: 116 };
    const answer = (id: string): object => ({ id, type: 'gemini', tokens, model: 'some-model' });
    const chats = '.gemini/tmp/work/chats';
    write(`${chats}/session-2026-11-28T01-10-01a21fb3.jsonl`, { sessionId }, answer('a'), { id: 'b', type: 'gemini' });
    write(`${chats}/session-2026-11-28T02-10-01a21fb3.jsonl`, { sessionId }, answer('a'), answer('c'));
    write(`${chats}/session-2026-11-28T03-10-01a21fb3.jsonl`, { sessionId: '01a21fb3-another' }, answer('d'));
    assert.deepEqual(await sums(geminiRecord({ sessionId, env })), { input: 202, output: 30, total: 232, ...without });
  });

  it('OpenCode: each message with its cost, and those of its subagents', async () => {
    const file = write('.local/share/opencode/opencode.db');
    mkdirSync(dirname(file), { recursive: true });
    const database = new DatabaseSync(file);
    database.exec(
      'CREATE TABLE session (id TEXT, parent_id TEXT); CREATE TABLE message (id TEXT, session_id TEXT, data TEXT)',
    );
    const session = database.prepare('INSERT INTO session VALUES (?, ?)');
    for (const [id, parent] of [
      ['ses_one_two', null],
      ['ses_child', 'ses_one_two'],
      ['ses_other', null],
    ] as const) {
      session.run(id, parent);
    }
    const insert = database.prepare('INSERT OR REPLACE INTO message VALUES (?, ?, ?)');
    const tokens = { input: 100, output: 10, reasoning: 5, cache: { read: 20, write: 3 } };
    const message = JSON.stringify({ role: 'assistant', cost: 0.25, tokens });
    for (const [id, owner] of [
      ['a', 'ses_one_two'],
      ['b', 'ses_child'],
      ['c', 'ses_other'],
    ] as const)
      insert.run(id, owner, message);
    insert.run('d', 'ses_one_two', '{"role":"user"}');
    insert.run('f', 'ses_one_two', 'another format');
    const record = opencodeRecord({ sessionId: 'ses_one_two', env });
    assert.deepEqual(await sums(record), { input: 246, output: 30, total: 276, cost: 0.5 });
    insert.run('e', 'ses_one_two', message);
    database.close();
    assert.equal((await sums(record))?.total, 414);
  });
});
