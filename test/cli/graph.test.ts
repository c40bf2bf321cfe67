import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { taskGraph } from '../../src/operations/graph/graph.ts';
import { taskValidateDependencies } from '../../src/operations/graph/validate-dependencies.ts';
import { cli } from './cli.ts';

describe('the graph of tasks', () => {
  it('is printed, written into a file by its extension, and refused for an unknown extension (F215)', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'A');
    await run.ok('task', 'create', 'B', '--depends-on', 'A');
    assert.equal(await run.ok('task', 'graph'), '#1 A  pending\n#2 B  pending\n  after #1\n');
    z.strictObject(taskGraph.output.shape).parse(await run.json('task', 'graph', '--format', 'dot'));
    const file = join(run.folder, 'deps.svg');
    await run.ok('task', 'graph', '--output', 'deps.svg');
    assert.match(readFileSync(file, 'utf8'), /^<svg xmlns[\s\S]*<\/svg>\n$/);
    const contradiction = await run('task', 'graph', '--format', 'dot', '--output', 'deps.svg');
    assert.equal(contradiction.code, 2);
    assert.match(
      contradiction.stderr,
      /--format dot contradicts the extension of "deps\.svg"|--format dot contradicts/,
    );
    await run.ok('task', 'graph', '--output', 'deps.png');
    assert.equal(readFileSync(join(run.folder, 'deps.png')).toString('latin1', 1, 4), 'PNG');
    const refused = await run('task', 'graph', '--format', 'png');
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /A PNG needs a file\.\n.*\n?\s+systemprompt task graph --output deps\.png/);
    assert.equal((await run('task', 'graph', '--output', 'deps.bmp')).code, 2);
  });

  it('is checked, with the result as exit code and a next step', async (context) => {
    const run = cli(context);
    await run.ok('task', 'create', 'A');
    await run.ok('task', 'create', 'B', '--depends-on', 'A');
    assert.match(await run.ok('task', 'validate-dependencies'), /No problems/);
    await run.ok('task', 'cancel', 'A');
    const checked = await run('task', 'validate-dependencies');
    assert.equal(checked.code, 1);
    assert.match(checked.stdout, /#2 B\n {2}waits for #1 A, which was cancelled\n.*task remove-dependency 2 1/);
    const { stdout } = await run('task', 'validate-dependencies', '--json');
    z.strictObject(taskValidateDependencies.output.shape).parse(JSON.parse(stdout));
  });
});
