import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { plainLauncher } from '../../../src/agents/launcher.ts';
import { createShellAgent } from '../../../src/agents/shell/agent.ts';
import type { LogDraft } from '../../../src/core/task/log-entry.ts';
import type { TurnOutcome } from '../../../src/core/task/turn.ts';
import { RecordingClient } from '../../support/recording-client.ts';
import { until } from '../../support/temp-folder.ts';

const cwd = mkdtempSync(join(tmpdir(), 'shell-agent-'));
after(() => rmSync(cwd, { recursive: true, force: true }));

async function run(
  script: string,
  client = new RecordingClient(),
  env: Record<string, string> = {},
): Promise<{ outcome: TurnOutcome; client: RecordingClient; output: LogDraft[] }> {
  const session = await createShellAgent({ launcher: plainLauncher }).open(
    { taskId: 'task_shell', title: 'A script', cwd, env },
    client,
  );
  const outcome = await session.prompt(script);
  await session.close();
  return { outcome, client, output: client.entries.filter((entry) => entry.type === 'output') };
}

describe('the shell agent', () => {
  it('runs a script in the folder of the task and returns the exit code', async () => {
    const { outcome, client } = await run('pwd; echo "$GREETING" | tr a-z A-Z', new RecordingClient(), {
      GREETING: 'hello',
    });
    assert.deepEqual(outcome, { kind: 'completed', stopReason: 'exit', result: { exitCode: 0 }, end: { exitCode: 0 } });
    assert.deepEqual(client.messages('output'), [cwd, 'HELLO']);
  });

  it('logs standard error as output and never as the outcome', async () => {
    const { outcome, output } = await run('echo "ERROR: fatal panic" >&2; echo fine');
    assert.equal(outcome.kind, 'completed');
    const noise = output.find((entry) => entry.metadata?.stream === 'stderr');
    assert.equal(noise?.message, 'ERROR: fatal panic');
    assert.equal(noise?.level, 'info');
  });

  it('fails with the exit code and the last line of standard error', async () => {
    const { outcome } = await run('echo first >&2; echo "no such host" >&2; exit 7');
    assert.equal(outcome.kind, 'failed');
    if (outcome.kind !== 'failed') return;
    assert.equal(outcome.errorCode, 'ExitCodeNonZero');
    assert.equal(outcome.error, 'The script ended with exit code 7: no such host');
    assert.deepEqual(outcome.end, { exitCode: 7 });
  });

  it('runs a script from Windows, with a byte order mark and carriage returns', async () => {
    const { outcome, client } = await run('\ufeffif true; then\r\n  echo one\r\nfi\r\nexit 0\r\n');
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual(client.messages('output'), ['one']);
  });

  it('explains the exit code of a missing command', async () => {
    const { outcome } = await run('no-such-command-anywhere');
    assert.match(outcome.kind === 'failed' ? JSON.stringify(outcome.next) : '', /not found/);
  });

  it('fails with the signal that ended the script', async () => {
    const { outcome } = await run('kill -KILL $$');
    assert.equal(outcome.kind === 'failed' && outcome.errorCode, 'KilledBySignal');
    assert.deepEqual(outcome.end, { signal: 'SIGKILL' });
  });

  it('reports progress', async () => {
    const { client } = await run(
      'echo "::progress 10"; echo "::progress 10"; echo "::progress 400"; echo "not ::progress 5"',
    );
    assert.deepEqual(client.percents, [10, 100]);
    assert.deepEqual(client.messages('progress'), ['10%', '100%']);
    assert.deepEqual(client.messages('output'), ['not ::progress 5']);
  });

  it('keeps escape sequences and split characters unchanged', async () => {
    const { client } = await run(
      `printf '\\033[31mred\\033[0m\\n'; printf '\\360\\237'; sleep 0.1; printf '\\246\\212\\n'`,
    );
    assert.deepEqual(client.messages('output'), ['\u001b[31mred\u001b[0m', '🦊']);
  });

  it('waits for the output of background processes that end soon after', async () => {
    const { client } = await run('exec > >(sleep 0.05; cat); echo late');
    assert.deepEqual(client.messages('output'), ['late']);
  });

  it('accepts a script of a megabyte with any characters', async () => {
    const { client } = await run(
      `cat > long.txt <<'END'\n${'line of ß and 🦊\n'.repeat(60_000)}END\nwc -l < long.txt; rm long.txt`,
    );
    assert.deepEqual(
      client.messages('output').map((line) => line.trim()),
      ['60000'],
    );
  });

  it('gives a script an empty standard input, so that reading does not block', async () => {
    assert.equal((await run('read answer || echo "nobody there"')).client.messages('output')[0], 'nobody there');
  });

  it('redacts secrets of the environment, also in the error', async () => {
    const env = { SOME_API_KEY: 'very-secret-value' };
    const { outcome, client } = await run(
      'echo "key=$SOME_API_KEY"; echo "bad $SOME_API_KEY" >&2; exit 1',
      new RecordingClient(),
      env,
    );
    assert.doesNotMatch(JSON.stringify([outcome, client.entries]), /very-secret-value/);
    assert.match(JSON.stringify(outcome), /bad \[redacted\]/);
  });

  it('removes variables of the editor from the environment', async () => {
    process.env.ELECTRON_RUN_AS_NODE = '1';
    try {
      assert.deepEqual((await run('echo "[$ELECTRON_RUN_AS_NODE]"')).client.messages('output'), ['[]']);
    } finally {
      delete process.env.ELECTRON_RUN_AS_NODE;
    }
  });

  it('deletes the temporary script file', async () => {
    const before = process.env.TMPDIR;
    const scripts = mkdtempSync(join(cwd, 'scripts-'));
    process.env.TMPDIR = scripts;
    try {
      await run('exit 0');
      await run('exit 1');
      await run('kill -KILL $$');
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    const [own = '', ...others] = readdirSync(scripts);
    assert.deepEqual([others, readdirSync(join(scripts, own))], [[], ['owner.json']]);
  });

  it('streams 50 MB in one line without loss or large buffers', async () => {
    let bytes = 0;
    let parts = 0;
    let highest = 0;
    const started = process.memoryUsage().rss;
    const client = new (class extends RecordingClient {
      override async log(entry: LogDraft): Promise<void> {
        if (entry.type !== 'output') return;
        bytes += entry.message.length;
        parts += 1;
        highest = Math.max(highest, process.memoryUsage().rss);
        await delay(0);
      }
    })();
    const { outcome } = await run(`head -c 52428800 /dev/zero | tr '\\0' x`, client);
    assert.equal(outcome.kind, 'completed');
    assert.equal(bytes, 52_428_800);
    assert.equal(parts, 800);
    assert.ok(highest - started < 100 * 2 ** 20, `${Math.round((highest - started) / 2 ** 20)} MiB more`);
  });

  it('marks every part of a long line except the last as partial', async () => {
    const { output } = await run(`head -c 150000 /dev/zero | tr '\\0' x; echo; echo short`);
    assert.deepEqual(
      output.map((entry) => entry.metadata?.continued === true),
      [true, true, false, false],
    );
  });

  it('stops reading while the log is behind', async () => {
    let releaseTask: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      releaseTask = resolve;
    });
    let lines = 0;
    const client = new (class extends RecordingClient {
      override log(entry: LogDraft): void | PromiseLike<void> {
        if (entry.type !== 'output') return;
        lines += 1;
        if (lines === 1) return held;
      }
    })();
    const running = run('yes | head -n 500000', client);
    await until('a first line came', () => lines > 0);
    await delay(200);
    assert.equal(lines, 1);
    releaseTask();
    assert.equal((await running).outcome.kind, 'completed');
    assert.equal(lines, 500_000);
  });
});
