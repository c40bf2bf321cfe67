import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, createReadStream, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { tempFolder } from '../../support/temp-folder.ts';

const module = pathToFileURL(join(import.meta.dirname, '../../../src/cli/terminal/sink.ts')).href;
const LENGTH = 1_000_000;

/** A program that writes a long and a short text to its standard output, and then a word to its standard error. */
const program = `
  import { sinkOf } from ${JSON.stringify(module)};
  const out = sinkOf(process, 'stdout');
  const err = sinkOf(process, 'stderr');
  err.write('starts ');
  out.write('a'.repeat(${LENGTH}));
  out.write('b');
  err.write(\`\${out.isTTY} \${out.columns}\`);
`;

function start(stdout: 'pipe' | number): ReturnType<typeof spawn> {
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', stdout, 'pipe'] });
}

async function textOf(stream: AsyncIterable<unknown> | null): Promise<string> {
  let text = '';
  for await (const part of stream ?? []) text += String(part);
  return text;
}

describe('the output of a command', () => {
  it('reaches a pipe whole, which is no terminal', async () => {
    const child = start('pipe');
    const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
    assert.equal(out.length, LENGTH + 1);
    assert.equal(out.at(-1), 'b');
    assert.equal(err, 'starts false undefined');
  });

  it('ends quietly when the pipe closes', async () => {
    const child = start('pipe');
    const code = new Promise((resolve) => child.on('close', resolve));
    child.stdout?.destroy();
    assert.equal(await textOf(child.stderr), 'starts ');
    assert.equal(await code, 0);
  });

  it('reaches a full pipe that does not block', { skip: process.platform === 'win32' }, async (context) => {
    const pipe = join(tempFolder(context), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const end = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const child = start(end);
    const reported = textOf(child.stderr);
    // The pipe takes less than the text, which arrives faster than this test reads.
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    const reader = createReadStream(pipe, { encoding: 'utf8', fd: openSync(pipe, 'r') });
    closeSync(end);
    const text = await textOf(reader);
    assert.equal(await reported, 'starts false undefined');
    assert.equal(text, `${'a'.repeat(LENGTH)}b`);
  });
});
