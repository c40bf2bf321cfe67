import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Accounting } from '../../../src/agents/acp/accounting.ts';
import { type BesideRecord, SpendMeter } from '../../../src/agents/acp/spend-meter.ts';
import { guardClient } from '../../../src/agents/guarded-client.ts';
import type { ModelCall } from '../../../src/agents/records/record.ts';
import type { RunSpend } from '../../../src/agents/records/run-record.ts';
import { noSpend } from '../../../src/agents/records/sums.ts';
import type { Usage } from '../../../src/core/task/schema.ts';
import { RecordingClient } from '../../support/recording-client.ts';

const callOf = (id: string, input: number, output: number): ModelCall => ({ id, input, output, total: input + output });
const sums = (input: number, output: number): RunSpend['beside'] => ({
  ...noSpend,
  input,
  output,
  total: input + output,
});
const response = (inputTokens: number, outputTokens: number): object => ({
  usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
});

interface Metered {
  readonly meter: SpendMeter;
  readonly accounting: Accounting;
  /** The calls in the record of the session. */
  readonly calls: Map<string, ModelCall>;
  /** The record of the run. */
  readonly run: { spend?: RunSpend; disposed: boolean };
}

function metered(t: TestContext, beside: 'record' | 'missing' | undefined): Metered {
  const run: Metered['run'] = { disposed: false };
  const dispose = async (): Promise<void> => {
    run.disposed = true;
  };
  const record: BesideRecord = beside === 'record' ? { env: {}, read: async () => run.spend, dispose } : beside;
  const accounting = new Accounting('turn');
  const meter = new SpendMeter(guardClient(new RecordingClient(), {}), accounting, record);
  t.after(() => meter.close());
  return { meter, accounting, run, calls: new Map() };
}

async function open({ meter, calls }: Metered, spent?: Usage): Promise<void> {
  await meter.open({ read: async () => calls }, spent !== undefined, spent);
}

/** One turn with calls that the agent also reports. */
async function turn({ meter, accounting, calls }: Metered, ...made: readonly ModelCall[]): Promise<void> {
  meter.beginTurn();
  for (const call of made) calls.set(call.id, call);
  const sum = (key: 'input' | 'output'): number => made.reduce((total, call) => total + call[key], 0);
  await meter.endTurn(accounting.responded({ ...response(sum('input'), sum('output')) }));
}

describe('the spend of a session', () => {
  it('has calls beside its record once each, and is exact when the last known call is in both', async (t) => {
    const session = metered(t, 'record');
    await open(session);
    await turn(session, callOf('a', 1_000, 50), callOf('b', 2_000, 7));
    assert.deepEqual(
      [session.meter.usage.input_tokens, session.meter.usage.estimated],
      [3_000, true],
      'the record of the run is behind',
    );
    session.run.spend = { recorded: sums(1_000, 50), beside: sums(7, 3) };
    await session.meter.read();
    assert.deepEqual([session.meter.usage.input_tokens, session.meter.usage.estimated], [3_007, true]);
    session.run.spend = { recorded: sums(3_000, 57), beside: sums(14, 6) };
    await session.meter.read();
    const { usage } = session.meter;
    assert.deepEqual(usage, { input_tokens: 3_014, output_tokens: 63, total_tokens: 3_077, iterations: 1 });
  });

  it('is a lower bound if calls beside the record cannot be known', async (t) => {
    const session = metered(t, 'missing');
    await open(session);
    await turn(session, callOf('a', 1_000, 50));
    assert.deepEqual([session.meter.usage.total_tokens, session.meter.usage.estimated], [1_050, true]);
  });

  it('is exact for an agent whose record has all calls', async (t) => {
    const session = metered(t, undefined);
    await open(session);
    await turn(session, callOf('a', 1_000, 50));
    assert.deepEqual([session.meter.usage.total_tokens, session.meter.usage.estimated], [1_050, undefined]);
  });

  it('of a resumed session begins where the former spend ended, with calls beside the record in it', async (t) => {
    const session = metered(t, 'record');
    session.calls.set('a', callOf('a', 1_000, 50));
    await open(session, { input_tokens: 1_007, output_tokens: 53, total_tokens: 1_060 });
    await turn(session, callOf('b', 2_000, 7));
    session.run.spend = { recorded: sums(2_000, 7), beside: sums(7, 3) };
    await session.meter.read();
    assert.deepEqual([session.meter.usage.total_tokens, session.meter.usage.estimated], [2_017, undefined]);
  });

  it('of a resumed session has the calls that its record gained after the known spend', async (t) => {
    const session = metered(t, undefined);
    session.calls.set('a', callOf('a', 1_000, 50)).set('b', callOf('b', 2_000, 7));
    await open(session, { input_tokens: 1_000, output_tokens: 50, total_tokens: 1_050 });
    await turn(session, callOf('c', 10, 1));
    assert.equal(session.meter.usage.total_tokens, 2_018);
  });

  it('takes the end of the record of a run when the agent has exited', async (t) => {
    const session = metered(t, 'record');
    await open(session);
    await turn(session, callOf('a', 1_000, 50));
    session.run.spend = { recorded: sums(1_000, 50), beside: sums(7, 3) };
    await session.meter.close();
    assert.deepEqual([session.meter.usage.total_tokens, session.meter.usage.estimated], [1_060, undefined]);
    assert.equal(session.run.disposed, true);
  });
});
