import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';

/** Answers of a FAKE `gh` by the first two words of its arguments. */
export interface FakeGh {
  /** The arguments of every call, in order. */
  calls(): string[][];
}

/**
 * Puts a FAKE `gh` before the real one on PATH for the time of a test. It never reaches a network: it answers with fixed
 * texts, refuses every other call, and writes down its arguments.
 */
export function fakeGh(context: TestContext, folder: string, answers: Readonly<Record<string, string>>): FakeGh {
  const bin = path.join(folder, 'fake-gh');
  const log = path.join(bin, 'calls.jsonl');
  mkdirSync(bin, { recursive: true });
  writeFileSync(log, '');
  const program = `#!${process.execPath}
// A FAKE gh for tests. It is not GitHub's command line.
const fs = require('node:fs');
const args = process.argv.slice(2);
fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify(args) + '\\n');
const answer = ${JSON.stringify(answers)}[args.slice(0, 2).join(' ')];
if (answer === undefined) {
  process.stderr.write('the fake gh refuses this call\\n');
  process.exit(1);
}
process.stdout.write(answer);
`;
  writeFileSync(path.join(bin, 'gh'), program);
  chmodSync(path.join(bin, 'gh'), 0o755);
  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = `${bin}${path.delimiter}${before}`;
  context.after(() => {
    process.env['PATH'] = before;
  });
  return {
    calls: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as string[]),
  };
}
