import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Unavailable } from '../process.ts';
import { ensureChromium } from '../workbench/chromium.ts';
import { ensureWorkbench } from '../workbench/install.ts';
import { command, counted, nodeTest, type Part, testFiles } from './part.ts';

/** Folders of `test/` that are parts of their own; all others are unit tests. */
const apart = ['host', 'ui', 'agents', 'chaos', 'library', 'package', 'support'];

/** The VSIX that `npm test` builds and tests. */
const vsix = path.join('test-artifacts', 'systemprompt-tasks.vsix');

/** Tests of the command line run the one that was built: a command of it takes a third of the time. */
const builtCli = { TEST_CLI: path.resolve('dist', 'cli.cjs') };

const minutes = 60_000;

/** All parts of `npm test`, in the order they run: quick and informative parts first. */
const parts: readonly Part[] = [
  {
    name: 'lint',
    shows: 'style and format',
    run: () =>
      command('node_modules/@biomejs/biome/bin/biome', ['check', '--diagnostic-level=warn', '--error-on-warnings']),
  },
  {
    name: 'types',
    shows: 'strict types, of what runs in Node and of what runs in a browser',
    run: async () => {
      const node = await command('node_modules/typescript/bin/tsc', ['--noEmit']);
      const pages = await command('node_modules/typescript/bin/tsc', ['--noEmit', '-p', 'src/webviews']);
      return { passed: node.passed + pages.passed, failed: node.failed + pages.failed };
    },
  },
  {
    name: 'deadcode',
    shows: 'no file, export or dependency that is unused, or used only by tests',
    run: async () => {
      const all = await command('node_modules/knip/bin/knip.js', ['--no-progress']);
      const product = await command('node_modules/knip/bin/knip.js', ['--no-progress', '--production']);
      return { passed: all.passed + product.passed, failed: all.failed + product.failed };
    },
  },
  { name: 'build', shows: 'the bundles', run: () => command('esbuild.js', ['--production']) },
  {
    name: 'unit',
    shows: 'the rules, the store, the operations, the faces without an editor',
    after: ['build'],
    run: () =>
      nodeTest('unit', testFiles({ except: apart }), {
        ...env(builtCli),
        // Node leaves one processor free; much of the time is spent in processes that the tests start and wait for.
        concurrency: availableParallelism(),
        timeoutMs: 25 * minutes,
      }),
  },
  {
    name: 'library',
    shows: 'the usage examples of the specification, on the source and on what is built of it',
    after: ['build'],
    run: () => nodeTest('library', testFiles({ folders: ['library'] })),
  },
  {
    name: 'package',
    shows: 'the VSIX and what is in it',
    run: async () => {
      const made = await command('scripts/package.ts', [vsix]);
      if (made.failed > 0) return made;
      const tested = await nodeTest('package', testFiles({ folders: ['package'] }), env({ PACKAGE_VSIX: vsix }));
      return { passed: made.passed + tested.passed, failed: tested.failed };
    },
  },
  {
    name: 'agents',
    shows: 'real agents and misbehaving ones',
    after: ['build'],
    run: () =>
      nodeTest('agents', testFiles({ folders: ['agents'] }), {
        ...env(builtCli),
        // One file for each real agent; they wait for processes much of the time.
        concurrency: availableParallelism(),
        timeoutMs: 30 * minutes,
      }),
  },
  {
    name: 'chaos',
    shows: 'crashes, and many processes at once',
    after: ['build'],
    run: () => nodeTest('chaos', testFiles({ folders: ['chaos'] }), { concurrency: 1, timeoutMs: 15 * minutes }),
  },
  {
    name: 'host',
    shows: 'the extension in a real VS Code extension host',
    after: ['build'],
    run: async () => {
      await ensureEditor();
      return counted('test/host/run.ts', [], { timeoutMs: 12 * minutes });
    },
  },
  {
    name: 'ui',
    shows: "a person's walk through the packaged extension, in a browser",
    after: ['package'],
    run: async () => {
      await ensureEditor();
      const files = testFiles({ folders: ['ui'] });
      return nodeTest('ui', files, {
        ...env({ UI_VSIX: path.resolve(vsix) }),
        concurrency: 1,
        timeoutMs: 30 * minutes,
      });
    },
  },
];

/** The parts that were named, each after those it needs; all of them where none was named. */
export function choose(names: readonly string[]): readonly Part[] {
  if (names.length === 0) return parts;
  const wanted = new Set<string>();
  const want = (name: string): void => {
    const part = parts.find((candidate) => candidate.name === name);
    if (part === undefined)
      throw new Error(`There is no part "${name}". Parts: ${parts.map((p) => p.name).join(', ')}.`);
    for (const needed of part.after ?? []) want(needed);
    wanted.add(name);
  };
  names.forEach(want);
  return parts.filter((part) => wanted.has(part.name));
}

async function ensureEditor(): Promise<void> {
  await ensureWorkbench().catch((error: unknown) => {
    // Offline, or a failed build of a native module: the reason is printed, and it fails in CI.
    throw error instanceof Unavailable ? error : new Unavailable(String(error));
  });
  await ensureChromium();
}

function env(extra: Record<string, string>): { env: NodeJS.ProcessEnv } {
  return { env: { ...process.env, ...extra } };
}
