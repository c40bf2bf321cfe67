import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'node:test';
import { PostgresServer, postgresOrSkip } from '../support/postgres-server.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { openStore } from './support/open-store.ts';
import { longestOrder, type Step, shown } from './support/sequential-model.ts';

const histories = Number(process.env['CHAOS'] ?? 1) > 1 ? 60 : 4;
const CLIENTS = 4;
const STEPS = 40;

async function history(place: string, client: string, compactAt: number): Promise<Step[]> {
  const script = join(import.meta.dirname, 'history-client.ts');
  const args = [script, place, client, `${STEPS}`, `${compactAt}`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const steps: Step[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const step = JSON.parse(line);
    steps.push({ ...step, from: BigInt(step.from), to: BigInt(step.to) });
  }
  assert.equal(steps.length, STEPS, `${client} came to its end`);
  return steps;
}

async function findsOrder(place: string, round: number): Promise<void> {
  // Every other time the journal's segments end all the time.
  const compactAt = round % 2 === 0 ? 2_000 : 1_000_000;
  const names = Array.from({ length: CLIENTS }, (_, i) => `c${i}`);
  const steps = (await Promise.all(names.map((name) => history(place, name, compactAt)))).flat();
  const store = await openStore(place, { compactAt: 1_000_000, watch: false });
  const from = process.hrtime.bigint();
  const all = [...store.view.all()].map(
    (task) => [task.id, { ...task, count: Number(task.metadata['count']) }] as const,
  );
  const last: Step = { client: 'fresh', from, to: from + 1n, action: { kind: 'read' }, result: shown(all) };
  await store.close();
  const changes = steps.filter(({ action }) => action.kind !== 'read').length;
  assert.ok(changes > CLIENTS, 'something was done');
  const order = longestOrder([...steps, last]);
  assert.equal(
    order,
    steps.length + 1,
    `round ${round}: ${JSON.stringify(steps, (_key, v) => (typeof v === 'bigint' ? `${v}` : v))}`,
  );
}

const postgres: { server?: PostgresServer } = {};
const places = [
  { name: 'files', skip: false, rounds: histories, make: tempFolder },
  {
    name: 'PostgreSQL',
    skip: await postgresOrSkip(),
    rounds: Math.ceil(histories / 2),
    async make(): Promise<string> {
      postgres.server ??= await PostgresServer.start();
      return postgres.server.store();
    },
  },
];
after(() => postgres.server?.end());

describe('histories of processes that change the same tasks at once (G3)', () => {
  for (const { name, skip, rounds, make } of places) {
    it(`can be ordered so that every response was correct, in ${name}`, { timeout: 600_000, skip }, async (context) => {
      for (let round = 0; round < rounds; round += 1) await findsOrder(await make(context), round);
    });
  }

  const made: Step = { client: 'a', from: 0n, to: 1n, action: { kind: 'create', id: 'T' }, result: 1 };
  const add = (client: string, from: bigint, to: bigint, result: number): Step => ({
    client,
    from,
    to,
    action: { kind: 'add', id: 'T' },
    result,
  });
  const read = (from: bigint, to: bigint, result: string): Step => ({
    client: 'c',
    from,
    to,
    action: { kind: 'read' },
    result,
  });
  const untrue: [string, Step[]][] = [
    ['a lost change', [made, add('a', 2n, 5n, 1), add('b', 3n, 6n, 1)]],
    ['a reading of what was before an answer', [made, add('a', 2n, 3n, 1), read(4n, 5n, '1:T@1=0')]],
    ['a number that was given twice', [made, { ...made, client: 'b', action: { kind: 'create', id: 'U' } }]],
    ['readings that go back', [made, add('a', 2n, 9n, 1), read(3n, 4n, '1:T@2=1'), read(5n, 6n, '1:T@1=0')]],
  ];
  for (const [what, steps] of untrue) {
    it(`reject: ${what}`, () => assert.ok(longestOrder(steps) < steps.length));
  }

  it('accept a history with an overtaking operation', () => {
    const steps = [made, add('a', 2n, 9n, 2), add('b', 3n, 8n, 1), read(4n, 7n, '1:T@2=1')];
    assert.equal(longestOrder(steps), steps.length);
  });

  it('accept an update to the current value as no change', () => {
    const same: Step = {
      client: 'a',
      from: 2n,
      to: 3n,
      action: { kind: 'ifAt', id: 'T', revision: 1, count: 0 },
      result: 0,
    };
    const steps = [made, same, read(4n, 5n, '1:T@1=0'), add('b', 6n, 7n, 1), read(8n, 9n, '1:T@2=1')];
    assert.equal(longestOrder(steps), steps.length);
  });
});
