import { spawnSync } from 'node:child_process';

/** False with the `jq` program; else why its tests are skipped. */
export function jqOrSkip(): string | false {
  if (spawnSync('jq', ['--version']).status === 0) return false;
  process.stderr.write('SKIPPED: the jq program is not installed.\n');
  return 'jq is not installed';
}
