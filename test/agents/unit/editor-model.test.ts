import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { createAgentCatalog } from '../../../src/agents/catalog.ts';
import { SessionFile } from '../../../src/agents/editor-model/program/session-file.ts';
import { matchesIn } from '../../../src/agents/editor-model/program/tools/search.ts';
import type { AgentClient, AgentRequest, AgentSession } from '../../../src/core/agent/port.ts';
import type { ChatRequest } from '../../../src/core/editor-model/wire.ts';
import { agentContract } from '../../contract/agent.ts';
import { RecordingClient, reject } from '../../support/recording-client.ts';
import {
  promptIn,
  resultsIn,
  type ScriptedAnswer,
  ScriptedWindow,
  scriptedWindow,
} from '../../support/scripted-window.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';

interface Opened {
  readonly window: ScriptedWindow;
  readonly session: AgentSession;
  readonly client: RecordingClient;
  readonly cwd: string;
  reopen(resume: string, client?: AgentClient): Promise<AgentSession>;
}

async function open(
  context: TestContext,
  script: (request: ChatRequest, call: number) => ScriptedAnswer,
  { client = new RecordingClient(), ...more }: Partial<AgentRequest> & { client?: RecordingClient } = {},
): Promise<Opened> {
  const { window, provider } = await scriptedWindow(context, script);
  const cwd = join(tempFolder(context), 'work');
  mkdirSync(cwd);
  const request = { taskId: `task_editor${process.pid}`, title: 'A task', cwd, ...more };
  const start = async (with_: Partial<AgentRequest>, by: AgentClient): Promise<AgentSession> => {
    const session = await provider.get().open({ ...request, ...with_ }, by);
    context.after(() => session.close());
    return session;
  };
  const session = await start({}, client);
  return { window, session, client, cwd, reopen: (resume, by = client) => start({ resume }, by) };
}

/** Calls one tool and then ends. */
function calls(tool: object): (request: ChatRequest, call: number) => ScriptedAnswer {
  return (_, call) => (call === 1 ? (tool as ScriptedAnswer) : 'Done.');
}

describe('the models of an editor as an agent', () => {
  const window = new ScriptedWindow((request) => {
    const prompt = promptIn(request);
    if (prompt === 'forever') return 'silence';
    return prompt === 'fail' ? { type: 'error', failure: 'blocked', message: 'The quota is used up.' } : 'It is done.';
  });
  let sessions = '';
  before(() => window.open());
  after(() => window.close());
  agentContract('models of an editor', () => ({
    agent: {
      name: 'VSCODE_LM',
      open: (request, client) => {
        sessions ||= join(request.cwd, 'sessions');
        return window.provider(sessions).get().open(request, client);
      },
    },
    fine: { prompt: 'go', expected: 'It is done.' },
    failing: { prompt: 'fail', errorCode: 'RateLimited' },
    endless: { prompt: 'forever', expected: '' },
  }));

  it('reads, edits and runs by tools, asks for the last two, and counts every call of the model', async (context) => {
    const steps: ScriptedAnswer[] = [
      { read_file: { path: 'a.txt' } },
      { edit_file: { path: 'a.txt', old_text: 'two', new_text: 'zwei' } },
      { run_command: { command: 'cat a.txt; exit 3' } },
      'All done.',
    ];
    const { window: w, session, client, cwd } = await open(context, (_, call) => steps[call - 1] ?? 'Done.');
    writeFileSync(join(cwd, 'a.txt'), 'one\ntwo\n');
    const outcome = await session.prompt('Translate.');
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(outcome.kind === 'completed' && outcome.result, { message: 'All done.' });
    assert.equal(readFileSync(join(cwd, 'a.txt'), 'utf8'), 'one\nzwei\n');
    const last = w.requests.at(-1);
    assert.ok(last !== undefined);
    assert.deepEqual(resultsIn(last), ['1\tone\n2\ttwo', 'Changed the file.', 'one\nzwei\n[exit code 3]']);
    assert.deepEqual(
      client.requests.map(({ detail }) => [detail.toolName, detail.toolKind, detail.command ?? detail.diffs]),
      [
        ['edit_file', 'edit', [{ path: join(cwd, 'a.txt'), oldText: 'one\ntwo\n', newText: 'one\nzwei\n' }]],
        ['run_command', 'execute', 'cat a.txt; exit 3'],
      ],
    );
    const { usage } = outcome;
    assert.equal(usage?.input_tokens, 400);
    assert.equal(usage?.output_tokens, 40);
    assert.ok(
      client.usages.some(({ total_tokens: total = 0 }) => total > 0 && total < 440),
      'known during the turn',
    );
  });

  it('reads a prompt with every separator of lines that Unicode has', async (context) => {
    const { window: w, session } = await open(context, () => 'Done.');
    assert.equal((await session.prompt('one\u2028two\u2029three\u0085four')).kind, 'completed');
    assert.match(JSON.stringify(w.requests[0]?.messages), /one\u2028two\u2029three\u0085four/);
  });

  it('reports how much of a long line it left out', async (context) => {
    const { window: w, session, cwd } = await open(context, calls({ read_file: { path: 'long.txt' } }));
    writeFileSync(join(cwd, 'long.txt'), 'x'.repeat(210_000));
    await session.prompt('go');
    assert.match(resultsIn(w.requests[1] as ChatRequest)[0] ?? '', /^1\tx+\n\[10002 characters left out\]$/);
  });

  it('leaves a file alone whose change is rejected, and passes the reason on', async (context) => {
    const client = new RecordingClient(() => ({ ...reject, notes: 'Not this file.' }));
    const script = calls({ edit_file: { path: 'new/b.txt', old_text: '', new_text: 'x' } });
    const { window: w, session, cwd } = await open(context, script, { client });
    await session.prompt('go');
    assert.equal(existsSync(join(cwd, 'new')), false);
    assert.match(resultsIn(w.requests[1] as ChatRequest)[0] ?? '', /not allowed: Not this file\./);
  });

  it('does not edit a file that it could not write back, or show', async (context) => {
    const steps: ScriptedAnswer[] = [
      { edit_file: { path: 'latin1.txt', old_text: 'one', new_text: 'two' } },
      { edit_file: { path: 'long.txt', old_text: 'one', new_text: 'two' } },
    ];
    const { window: w, session, client, cwd } = await open(context, (_, call) => steps[call - 1] ?? 'Done.');
    writeFileSync(join(cwd, 'latin1.txt'), 'one Stra\xdfe\n', 'latin1');
    writeFileSync(join(cwd, 'long.txt'), `one${'x'.repeat(5 << 20)}`);
    await session.prompt('go');
    assert.equal(readFileSync(join(cwd, 'latin1.txt'), 'latin1'), 'one Stra\xdfe\n');
    assert.equal(client.requests.length, 0);
    assert.deepEqual(resultsIn(w.requests[2] as ChatRequest), [
      'The file is no UTF-8 text. Change it with a command instead.',
      'The file is larger than 4 MiB. Use a command instead.',
    ]);
  });

  for (const [name, path] of [
    ['outside of the folder', '../outside.txt'],
    ['behind a link', 'link.txt'],
    ['with secrets', '.env'],
  ] as const) {
    it(`asks before it reads a file ${name}`, async (context) => {
      const client = new RecordingClient(() => reject);
      const opened = await open(context, calls({ read_file: { path } }), { client });
      writeFileSync(join(opened.cwd, '..', 'outside.txt'), 'SECRET');
      symlinkSync('../outside.txt', join(opened.cwd, 'link.txt'));
      writeFileSync(join(opened.cwd, '.env'), 'SECRET');
      await opened.session.prompt('go');
      assert.equal(client.requests.length, 1);
      assert.doesNotMatch(JSON.stringify(opened.window.requests), /SECRET/);
    });
  }

  it('does not write through a link that appears while a person decides', async (context) => {
    let cwd = '';
    const client = new RecordingClient(() => {
      symlinkSync('../victim', join(cwd, 'folder'));
      return { approved: true, scope: 'once' };
    });
    const script = calls({ edit_file: { path: 'folder/x.txt', old_text: '', new_text: 'x' } });
    const opened = await open(context, script, { client });
    cwd = opened.cwd;
    mkdirSync(join(cwd, '..', 'victim'));
    await opened.session.prompt('go');
    assert.equal(existsSync(join(cwd, '..', 'victim', 'x.txt')), false);
    assert.match(resultsIn(opened.window.requests[1] as ChatRequest)[0] ?? '', /changed since/);
    assert.match(client.messages('tool').at(-1) ?? '', /^edit_file: folder\/x\.txt \(failed: The file has changed/);
  });

  it('searches the files of the folder, without those with secrets', async (context) => {
    const { window: w, session, cwd } = await open(context, calls({ search: { pattern: 'needle[0-9]' } }));
    writeFileSync(join(cwd, 'a.txt'), 'hay\nneedle7\n');
    writeFileSync(join(cwd, '.env'), 'needle8\n');
    await session.prompt('go');
    assert.match(resultsIn(w.requests[1] as ChatRequest)[0] ?? '', /^a\.txt:2:needle7$/);
  });

  it('hides secrets where the output of a search is cut, and when git fails', async (context) => {
    const script = calls({ search: { pattern: 'needle|SECRET', path: 'all' } });
    const { window: w, session, cwd } = await open(context, script);
    mkdirSync(join(cwd, 'all'));
    writeFileSync(join(cwd, 'all', 'a.txt'), 'needle\n'.repeat(1_500));
    // The part that is left out ends in a line of the second file.
    writeFileSync(join(cwd, 'all', 'b.env'), `SECRET${'x'.repeat(80)}\n`.repeat(500));
    await session.prompt('go');
    const [found = ''] = resultsIn(w.requests[1] as ChatRequest);
    assert.doesNotMatch(found, /SECRET|b\.env/);
    assert.match(found, /^all\/a\.txt:1:needle\n[\s\S]*\n\[\d+ characters left out\]$/);
    const texts = {
      'a.txt\x001\0needle\n[9 characters left out]\nnv\x002\0SECRET': 'a.txt:1:needle\n[9 characters left out]',
      'b.env\x001\0SECRET\na.txt\x002\0needle\n[ended after 60 s]': 'a.txt:2:needle\n[ended after 60 s]',
    };
    for (const [text, expected] of Object.entries(texts)) {
      const nameOf = (file: string): string | undefined => (file === 'b.env' ? undefined : file);
      assert.equal(matchesIn({ text, failed: true }, nameOf).text, expected);
    }
  });

  it('asks a person a question and waits for the answer', async (context) => {
    class Answering extends RecordingClient {
      async question() {
        return { approved: true, scope: 'once', notes: 'Blue.' } as const;
      }
    }
    const script = calls({ ask_person: { question: 'Which colour?' } });
    const { window: w, session } = await open(context, script, { client: new Answering() });
    await session.prompt('go');
    assert.deepEqual(resultsIn(w.requests[1] as ChatRequest), ['Blue.']);
  });

  it('offers only the tools that the task allows, and passes the faults of the model back to it', async (context) => {
    const script = calls({ run_command: { command: 'touch x' }, read_file: { path: 7 } });
    const { window: w, session, cwd } = await open(context, script, { allowedTools: ['file_operations:read'] });
    await session.prompt('go');
    const names = w.requests[0]?.tools.map(({ name }) => name);
    assert.deepEqual(names, ['read_file', 'search', 'ask_person']);
    assert.equal(existsSync(join(cwd, 'x')), false);
    assert.deepEqual(resultsIn(w.requests[1] as ChatRequest), [
      'There is no tool "run_command".',
      'The input "path" is missing: it must be a string.',
    ]);
  });

  it('chooses a model of the window, and refuses one that it does not have', async (context) => {
    const { window: w, session } = await open(context, () => 'Done.', { model: 'small' });
    await session.prompt('go');
    assert.equal(w.requests[0]?.model, 'small');
    await assert.rejects(
      open(context, () => 'Done.', { model: 'other' }),
      { code: 'ModelUnavailable' },
    );
  });

  it('removes old results from a conversation that outgrows the model, and then ends with a reason', async (context) => {
    const {
      window: w,
      session,
      cwd,
    } = await open(context, (_, call) => (call < 4 ? { read_file: { path: `${call}.txt` } } : 'Done.'), {
      model: 'small',
    });
    for (const name of [1, 2, 3]) writeFileSync(join(cwd, `${name}.txt`), `${String(name).repeat(900)}\n`);
    assert.equal((await session.prompt('go')).kind, 'completed');
    assert.match(resultsIn(w.requests[3] as ChatRequest)[0] ?? '', /removed to save context/);
    const outcome = await session.prompt('x'.repeat(5_000));
    assert.equal(outcome.kind === 'failed' && outcome.errorCode, 'TokenLimitExceeded');
  });

  it('ends its commands when a turn is cancelled', async (context) => {
    const script = calls({ run_command: { command: 'echo $$ > pid; sleep 1000' } });
    const { session, cwd } = await open(context, script);
    const turn = session.prompt('go');
    let pid = 0;
    await until('the command runs', () => {
      pid = existsSync(join(cwd, 'pid')) ? Number(readFileSync(join(cwd, 'pid'), 'utf8')) : 0;
      return pid > 0;
    });
    await session.cancel();
    assert.equal((await turn).kind, 'cancelled');
    await until('it has ended', () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
  });

  it('is interrupted when the window closes, and resumes the conversation in another one', async (context) => {
    const steps: ScriptedAnswer[] = [{ read_file: { path: 'a.txt' } }, 'silence', 'Done.'];
    const { window: w, session, cwd, reopen } = await open(context, (_, call) => steps[call - 1] ?? 'Again.');
    writeFileSync(join(cwd, 'a.txt'), 'the content\n');
    const turn = session.prompt('Read it.');
    await until('the model works', () => w.requests.length === 2);
    await w.close();
    const outcome = await turn;
    assert.equal(outcome.kind, 'interrupted');
    assert.equal(w.cancelled, 1);
    await session.close();
    await w.open();
    const resumed = await reopen(session.id);
    assert.equal(resumed.resumed, true);
    assert.equal((await resumed.prompt('Continue.')).kind, 'completed');
    const last = w.requests.at(-1) as ChatRequest;
    assert.deepEqual(resultsIn(last), ['1\tthe content']);
    assert.match(JSON.stringify(last.messages), /Read it\..*Continue\./s);
  });

  it('fails at a call that no request could repeat, instead of waiting for another window', async (context) => {
    const { session } = await open(context, calls({ ['x'.repeat(300)]: {} }));
    const outcome = await session.prompt('go');
    assert.equal(outcome.kind, 'failed');
  });

  it('begins several conversations at one moment, before their folder exists', async (context) => {
    const folder = join(tempFolder(context), 'new', 'sessions');
    const made = await Promise.all([1, 2, 3, 4].map(() => SessionFile.create(folder)));
    assert.equal(new Set(made.map(({ id }) => id)).size, 4);
  });

  it('has the spend of a session after the window has ended', async (context) => {
    const { provider, window: w } = await scriptedWindow(context, () => 'Done.');
    const agents = createAgentCatalog({ providers: [provider] });
    const request = { taskId: `task_editor${process.pid}`, title: 'A task', cwd: tempFolder(context) };
    const session = await agents.get('VSCODE_LM').open(request, new RecordingClient());
    await session.prompt('go');
    await session.close();
    await w.close();
    assert.equal(agents.countsCost('VSCODE_LM', undefined), false);
    const tokens = { input_tokens: 100, output_tokens: 10, total_tokens: 110 };
    assert.deepEqual(await agents.spent('VSCODE_LM', session.id, undefined), tokens);
  });

  it('answers no process without the token, and no second call of a connection', async (context) => {
    const { provider, window: w } = await scriptedWindow(context, () => 'Done.');
    void provider;
    const { connect } = await import('node:net');
    const access = w.access;
    for (const line of ['no json', JSON.stringify({ token: 'x', model: 'scripted', messages: [], tools: [] }), '{}']) {
      const socket = connect(access.socket);
      const received: Buffer[] = [];
      socket.on('data', (chunk) => received.push(chunk));
      socket.on('error', () => {});
      socket.write(`${line}\n`);
      await new Promise((resolve) => socket.once('close', resolve));
      assert.equal(received.length, 0, line);
    }
    assert.equal(w.requests.length, 0);
  });

  it('names the steps to get a window when there is none', async (context) => {
    const { provider, window: w } = await scriptedWindow(context, () => 'Done.');
    assert.equal(provider.unavailable(), undefined);
    await w.close();
    assert.equal(provider.unavailable()?.code, 'AgentUnavailable');
    const [info] = await provider.list();
    assert.equal(info?.available, false);
    assert.match(info?.install ?? '', /Open the folder in VS Code/);
  });
});
