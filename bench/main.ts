// Runs the benchmarks: `npm run bench`, some of them: `npm run bench -- open page`, for machines: `--json`.
// Each runs in its own process, so that none inherits the heap or the compiled code of another.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { analysis } from './analysis.ts';
import { cliStart } from './cli-start.ts';
import { creates } from './creates.ts';
import { dependencies } from './dependencies.ts';
import { event } from './event.ts';
import { importing } from './import.ts';
import { type Benchmark, formatRow, type Row } from './kit.ts';
import { logs } from './logs.ts';
import { memory } from './memory.ts';
import { merge } from './merge.ts';
import { next } from './next.ts';
import { open } from './open.ts';
import { page } from './page.ts';
import { pages } from './pages.ts';
import { peers } from './peers.ts';
import { postgres } from './postgres.ts';
import { spec } from './spec.ts';
import { tail } from './tail.ts';
import { team } from './team.ts';
import { tree } from './tree.ts';

const benchmarks: readonly Benchmark[] = [
  creates,
  open,
  logs,
  tail,
  event,
  next,
  page,
  pages,
  tree,
  dependencies,
  merge,
  team,
  spec,
  analysis,
  importing,
  memory,
  cliStart,
  peers,
  postgres,
];

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    /** Runs one benchmark in this process and prints its rows as JSON. */
    here: { type: 'string' },
  },
  allowPositionals: true,
});

if (values.list) for (const { name, measures } of benchmarks) console.log(`${name.padEnd(14)} ${measures}`);
else if (values.here !== undefined) await runHere(values.here);
else await runAll(positionals);

async function runHere(name: string): Promise<void> {
  await find(name).run((row) => console.log(JSON.stringify(row)));
}

async function runAll(names: readonly string[]): Promise<void> {
  const chosen = names.length === 0 ? benchmarks : names.map(find);
  for (const benchmark of chosen) {
    const code = await runApart(benchmark.name);
    if (code === 0) continue;
    console.error(`✖ ${benchmark.name} ended with code ${code}.`);
    process.exitCode = 1;
  }
}

async function runApart(name: string): Promise<number | null> {
  const child = spawn(process.execPath, ['--expose-gc', import.meta.filename, '--here', name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(values.json ? line : formatRow(JSON.parse(line) as Row));
  }
  return ended;
}

function find(name: string): Benchmark {
  const benchmark = benchmarks.find((candidate) => candidate.name === name);
  if (benchmark !== undefined) return benchmark;
  console.error(`There is no benchmark "${name}". There are: ${benchmarks.map((each) => each.name).join(', ')}.`);
  process.exit(2);
}
