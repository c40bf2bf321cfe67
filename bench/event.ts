import { statSync } from 'node:fs';
import { Accounting } from '../src/agents/acp/accounting.ts';
import { UpdateLog } from '../src/agents/acp/update-log.ts';
import { guardClient } from '../src/agents/guarded-client.ts';
import { silentLogger } from '../src/core/logger.ts';
import { AgentLog } from '../src/runtime/conversation/agent-log.ts';
import { ConversationClient } from '../src/runtime/conversation/client.ts';
import { QuietWatch } from '../src/runtime/conversation/quiet-watch.ts';
import { Refusals } from '../src/runtime/conversation/refusals.ts';
import { SpendReports } from '../src/runtime/conversation/spend-reports.ts';
import { Outage } from '../src/runtime/liveness/outage.ts';
import { layoutOf } from '../src/store/file/disk/layout.ts';
import { logFile } from '../src/store/file/logs/layout.ts';
import { TaskStore } from '../src/store/task-store.ts';
import { type Benchmark, median, under, withFolder } from './kit.ts';
import { sampleParams } from './samples.ts';

const LATE = 40;
const EVENTS = 40_000;
/** Events that come in one go, as they are read from the agent's pipe. */
const BURST = 100;

/** From an agent's session update to the line of the log on disk: how late, and what it costs. */
export const event: Benchmark = {
  name: 'event',
  measures: 'an event of an agent until its log line is in the file, and CPU per event',
  async run(print) {
    await withFolder(async (folder) => {
      const store = await TaskStore.open({ folder, watch: false });
      const { id } = await store.createTask(sampleParams(1));
      const file = logFile(layoutOf(folder).logs, id);
      const client = clientOf(store, id);
      const log = new UpdateLog(guardClient(client, process.env), new Accounting('turn'), folder);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const late: number[] = [];
      for (let i = 0; i < LATE; i += 1) late.push(await untilOnDisk(file, () => log.update(toolCall(i), 500)));
      print({
        name: 'agent event to disk',
        value: median(late),
        unit: 'ms',
        limit: { what: 'batch of the log writer', value: 40 },
        ratio: median(late) / 40,
        target: under(100, 'ms', median(late)),
        note: `the latest of ${LATE} after ${Math.max(...late).toFixed(0)} ms`,
      });
      const parse = cpuOfParsing();
      const cpu = await cpuPerEvent(async () => {
        for (let i = 0; i < EVENTS; i += BURST) {
          for (let k = 0; k < BURST; k += 1) await log.update(toolCall(LATE + i + k), 500);
          await new Promise((resolve) => setImmediate(resolve));
        }
        await client.flush();
      });
      print({
        name: 'CPU per agent event',
        value: cpu,
        unit: 'µs',
        limit: { what: 'JSON.parse + JSON.stringify of the event', value: parse },
        ratio: cpu / parse,
        target: under(100, 'µs', cpu),
        note: 'user and system time, all threads; each event makes two lines',
      });
      await store.close();
    });
  },
};

function toolCall(index: number): unknown {
  return {
    sessionId: 'session',
    update: {
      sessionUpdate: 'tool_call',
      toolCallId: `call_${index}`,
      title: `Read src/parser/part-${index}.ts`,
      kind: 'read',
      status: 'completed',
      locations: [{ path: `src/parser/part-${index}.ts`, line: index % 500 }],
      rawInput: { path: `src/parser/part-${index}.ts` },
      rawOutput: { text: 'export function parse(text: string): Node { return new Parser(text).run(); }' },
    },
  };
}

async function untilOnDisk(file: string, cause: () => unknown): Promise<number> {
  const size = (): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const before = size();
  const start = performance.now();
  await cause();
  while (size() === before) await new Promise((resolve) => setTimeout(resolve, 1));
  return performance.now() - start;
}

async function cpuPerEvent(action: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / EVENTS;
}

function cpuOfParsing(): number {
  const before = process.cpuUsage();
  let length = 0;
  for (let i = 0; i < EVENTS; i += 1) length += JSON.stringify(JSON.parse(JSON.stringify(toolCall(i)))).length;
  const { user, system } = process.cpuUsage(before);
  return length > 0 ? (user + system) / EVENTS : 0;
}

/** The client of a run whose policy judges nothing. */
function clientOf(store: TaskStore, taskId: string): ConversationClient {
  const about = { store, taskId, executionId: 'execution_1', logger: silentLogger };
  const policy = { observe: async () => undefined, decide: async () => undefined, leadsElsewhere: async () => false };
  const ask = () => Promise.resolve({ approved: false, scope: 'once' } as const);
  return new ConversationClient({
    policy,
    quiet: new QuietWatch({ mark: () => {}, log: () => {} }),
    refusals: new Refusals(),
    entries: new AgentLog({
      ...about,
      policy,
      settings: { current: { agents: {}, worker: {}, unconfirmed: [], problems: [] } },
      outage: new Outage(undefined),
      denied: () => {},
    }),
    spend: new SpendReports({ ...about, stops: () => false, limit: () => {} }),
    ask,
    question: ask,
  });
}
