import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';
import { tempFolder } from '../../support/temp-folder.ts';

const realGit = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();

/** A git that ends the process that called it, before or after it does its call with a given number. `child` is the script to run. */
export function deadlyGit(
  context: TestContext,
  child: string,
): {
  readonly count: () => number;
  run(words: string[], kill?: string): boolean;
} {
  const bin = tempFolder(context);
  const counter = join(bin, 'count');
  writeFileSync(
    join(bin, 'git'),
    `#!/bin/sh
until mkdir '${counter}.lock' 2>/dev/null; do sleep 0.01; done
n=$(($(cat '${counter}') + 1)); echo $n > '${counter}'
rmdir '${counter}.lock'
[ "$KILL_AT" = "before $n" ] && { kill -9 $PPID; exit 1; }
'${realGit}' "$@"; code=$?
[ "$KILL_AT" = "after $n" ] && kill -9 $PPID
exit $code
`,
  );
  chmodSync(join(bin, 'git'), 0o755);
  return {
    count: () => Number(readFileSync(counter, 'utf8')),
    run(words, kill = '') {
      writeFileSync(counter, '0');
      const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}`, KILL_AT: kill };
      const { status, stderr } = spawnSync(process.execPath, [child, ...words], { env, encoding: 'utf8' });
      if (kill === '') assert.equal(status, 0, stderr);
      return status === 0;
    },
  };
}
