import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { z } from 'zod';
import type { agents as operation } from '../../src/operations/agent/agents.ts';
import { cli } from './cli.ts';

test('agents and rules of a folder are confirmed as shown, each with its command', async (t) => {
  const here = cli(t);
  const write = (command: string, pattern: string): void => {
    const settings = { agents: { OWN: { command } }, rules: [{ allow: 'command', pattern }] };
    writeFileSync(join(here.folder, '.systemprompt', 'config.json'), JSON.stringify(settings));
  };
  const stands = async (): Promise<string[][]> => {
    const { unconfirmed, rules } = await here.json<z.output<typeof operation.output>>('agents');
    return [unconfirmed, rules];
  };
  mkdirSync(join(here.folder, '.systemprompt'));
  write('own-agent', 'npm test');
  const commands = [...(await here.ok('agents')).matchAll(/systemprompt (agents --confirm \w+)/g)].map(
    ([, words = '']) => words.split(' '),
  );
  assert.equal(commands.length, 2);
  const [agents = [], rules = []] = commands;

  write('other-agent', 'npm test');
  const refused = await here(...agents);
  assert.deepEqual([refused.code, refused.stdout], [4, '']);
  assert.match(refused.stderr, /has changed since it was shown\. Nothing was confirmed\..*systemprompt agents/s);
  assert.deepEqual(await stands(), [['OWN'], ['allow command "npm test"']]);
  await here.ok(...rules);
  assert.deepEqual(await stands(), [['OWN'], []]);
  write('own-agent', 'npm test');
  await here.ok(...agents);
  assert.deepEqual(await stands(), [[], []]);

  assert.equal((await here('agents', '--confirm')).code, 2);
  assert.equal((await here('agents', '--confirm', 'all')).code, 2);
});
