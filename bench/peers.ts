import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TaskStore } from '../src/store/task-store.ts';
import { type Benchmark, diskSync, median, type Row, timed, withFolder } from './kit.ts';
import { mustRun, runProgram } from './peers/command.ts';
import { installPeer } from './peers/install.ts';
import { backlog, ourTool, type Tool, taskMaster } from './peers/tools.ts';

const CREATES = 200;
const MANY = 10_000;
const PARALLEL = 8;
const ROUNDS = 3;
/** A tool that is slow is asked less often: the total is then extrapolated and marked. */
const PATIENCE_MS = 60_000;

/** The same work given to this product and to two others, each by its own command line, in turn. */
export const peers: Benchmark = {
  name: 'peers',
  measures: 'create, list, next, 10,000 tasks and parallel creates, beside task-master-ai and backlog.md',
  async run(print) {
    const root = join(import.meta.dirname, '..');
    if (!existsSync(join(root, 'dist', 'cli.cjs'))) await mustRun([process.execPath, join(root, 'esbuild.js')], root);
    const us = ourTool();
    const syncMs = await diskSync();
    for (const [name, tool] of [['backlog.md', backlog] as const, ['task-master-ai', taskMaster] as const]) {
      const missing = await installPeer(name);
      if (missing !== undefined) {
        notMeasured(`${name} is not measured at all`, missing);
        continue;
      }
      const peer = tool();
      const print2 = (name: string, ours: number, theirs: number, note?: string): void =>
        print({ ...rowOf(name, peer, ours, theirs, note), syncMs: name.startsWith('create') ? syncMs : undefined });
      for (const part of [fresh, full]) {
        await part(us, peer, print2).catch((error: Error) => notMeasured(`${name}: rows are missing`, error.message));
      }
      await parallel(us, peer).then(print, (error: Error) => notMeasured(`${name}: parallel creates`, error.message));
    }
  },
};

/** Reports a failed measurement, so that it does not look successful. */
function notMeasured(what: string, why: string): void {
  console.error(`✖ ${what}: ${why}`);
  process.exitCode = 1;
}

type Print = (name: string, ours: number, theirs: number, note?: string) => void;

function rowOf(name: string, peer: Tool, ours: number, theirs: number, note: string | undefined): Row {
  return { name, value: ours, unit: 'ms', limit: { what: peer.name, value: theirs }, ratio: ours / theirs, note };
}

/** 200 creations one after the other, then what a person asks for. */
async function fresh(us: Tool, peer: Tool, print: Print): Promise<void> {
  await withBoth(us, peer, 0, async (ours, theirs) => {
    const [a, b] = [await createMany(us, ours), await createMany(peer, theirs)];
    const note = b.done < CREATES ? `the peer's from ${b.done}, extrapolated` : undefined;
    print(`create ${CREATES} (CLI)`, a.ms, b.ms, note);
    const library = await createByLibrary();
    print(
      `create ${CREATES} (library)`,
      library,
      b.ms,
      note === undefined ? 'the peer by its CLI' : `the peer by its CLI, ${note}`,
    );
    await ask(
      'list',
      CREATES,
      us,
      peer,
      ours,
      theirs,
      print,
      b.done < CREATES ? `the peer with ${b.done} tasks` : undefined,
    );
  });
}

async function full(us: Tool, peer: Tool, print: Print): Promise<void> {
  await withBoth(us, peer, MANY, async (ours, theirs) => {
    await ask('list', MANY, us, peer, ours, theirs, print);
    await ask('next', MANY, us, peer, ours, theirs, print);
    await ask('create', MANY, us, peer, ours, theirs, print);
  });
}

async function parallel(us: Tool, peer: Tool): Promise<Row> {
  return withBoth(us, peer, 0, async (ours, theirs) => {
    const [a, b] = [await createAtOnce(us, ours), await createAtOnce(peer, theirs)];
    return {
      name: `${PARALLEL} creates at once, kept`,
      value: a.kept,
      unit: 'tasks',
      limit: { what: `${peer.name} (lost ${b.lost}, refused ${b.refused})`, value: b.kept },
      ratio: a.kept / b.kept,
      target: { text: `${PARALLEL} kept`, met: a.kept === PARALLEL },
      note: 'lost: the command ended well, and the task is not there; refused: it ended with an error, and the task is not there',
    };
  });
}

async function ask(
  what: 'list' | 'next' | 'create',
  count: number,
  us: Tool,
  peer: Tool,
  ours: string,
  theirs: string,
  print: Print,
  note?: string,
): Promise<void> {
  const words = (tool: Tool): readonly string[] => (what === 'create' ? tool.create('One more task') : tool[what]);
  const times: { a: number; b: number }[] = [];
  let unable: string | undefined;
  for (let round = 0; round < ROUNDS && unable === undefined; round += 1) {
    const a = await mustRun(words(us), ours);
    const b = await runProgram(words(peer), theirs);
    if (b.code !== 0)
      unable = `it ended with ${b.code ?? 'a timeout'} after ${b.ms.toFixed(0)} ms (ours: ${a.toFixed(0)} ms)`;
    times.push({ a, b: b.ms });
    if (b.ms > PATIENCE_MS / ROUNDS) break;
  }
  const name = `${what}, ${count} tasks (CLI)`;
  if (unable !== undefined) return notMeasured(`${peer.name} cannot do "${name}"`, unable);
  print(name, median(times.map(({ a }) => a)), median(times.map(({ b }) => b)), note);
}

async function createMany(tool: Tool, folder: string): Promise<{ ms: number; done: number }> {
  let ms = 0;
  let done = 0;
  while (done < CREATES && ms < PATIENCE_MS) {
    ms += await mustRun(tool.create(`Task ${done + 1}`), folder);
    done += 1;
  }
  return { ms: (ms / done) * CREATES, done };
}

async function createByLibrary(): Promise<number> {
  return withFolder((folder) =>
    timed(async () => {
      const store = await TaskStore.open({ folder, watch: false });
      for (let i = 0; i < CREATES; i += 1)
        await store.createTask({ title: `Task ${i + 1}`, description: 'One of many' });
      await store.close();
    }),
  );
}

async function createAtOnce(tool: Tool, folder: string): Promise<{ kept: number; lost: number; refused: number }> {
  const titles = Array.from({ length: PARALLEL }, (_, i) => `At once ${i + 1}`);
  const ended = await Promise.all(titles.map((title) => runProgram(tool.create(title), folder)));
  const there = new Set(await tool.titles(folder));
  const missing = ended.filter((_, i) => !there.has(titles[i] ?? ''));
  const refused = missing.filter(({ code }) => code !== 0).length;
  return { kept: PARALLEL - missing.length, lost: missing.length - refused, refused };
}

async function withBoth<T>(
  us: Tool,
  peer: Tool,
  count: number,
  use: (ours: string, theirs: string) => Promise<T>,
): Promise<T> {
  return withFolder((ours) =>
    withFolder(async (theirs) => {
      await us.init(ours);
      await peer.init(theirs);
      if (count > 0) {
        await us.fill(ours, count);
        await peer.fill(theirs, count);
      }
      return use(ours, theirs);
    }),
  );
}
