import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly command?: unknown; readonly volumes?: string[]; readonly depends_on?: object }>
  >;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const folder = join(import.meta.dirname, '..', '..', 'examples', 'scale-out');

describe('examples/scale-out', () => {
  it('has a database, a remote and three workers that wait for both', () => {
    const compose = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8'), { merge: true }) as Compose;
    assert.deepEqual(Object.keys(compose.services), ['database', 'remote', 'init', 'worker']);
    assert.deepEqual(Object.keys(compose.services['worker']?.depends_on ?? {}), ['remote', 'init']);
    assert.match(JSON.stringify(compose.services['worker']), /"replicas":3/);
    const named = Object.values(compose.services).flatMap(({ volumes = [] }) =>
      volumes.map((each) => each.split(':')[0]),
    );
    const own = named.filter((name) => name !== undefined && !name.startsWith('./'));
    assert.deepEqual(own.toSorted(), Object.keys(compose.volumes).toSorted());
  });

  it('has a script for the remote that the shell accepts', () => {
    execFileSync('sh', ['-n', join(folder, 'remote.sh')]);
  });
});
