// Builds what ships: `node esbuild.js [--production] [--watch]`
//
//   src/extension.ts   -> dist/extension.cjs   the extension, for VS Code's extension host
//   src/cli/main.ts    -> dist/cli.js          the command line; parts it does not always need are chunks, loaded on use
//   src/index.ts       -> dist/index.js        the library
//   src/webviews/*     -> dist/webviews/*.js    the pages of the extension, for the editor's browser

import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';

const production = process.argv.includes('--production');
const dist = path.join(import.meta.dirname, 'dist');

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  platform: 'node',
  // The Node of the oldest VS Code that the extension supports (1.101), and the oldest that our dependencies run on.
  target: 'node22',
  sourcemap: production ? false : 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
};

/** @type {import('esbuild').BuildOptions} */
const extension = {
  ...common,
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.cjs',
  format: 'cjs',
  external: ['vscode'],
  minify: production,
  metafile: true,
  plugins: [libraryBeside(), onlyUsedZod()],
};

/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  outdir: 'dist',
  format: 'esm',
  // Half the time of a short command is reading code: what it reads is kept small in every build.
  minify: true,
  metafile: true,
  // Dependencies in CommonJS ask for Node's own modules with `require`, which ES modules do not have.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
};

/** @type {import('esbuild').BuildOptions} */
const library = {
  ...node,
  entryPoints: { index: 'src/index.ts' },
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [onlyUsedZod(), withoutStaleChunks('dist/chunks')],
};

/** @type {import('esbuild').BuildOptions} */
const cli = {
  ...node,
  // In one piece: loading 40 small modules takes Node 20 ms longer. What a command does not need is not run.
  entryPoints: { cli: 'src/cli/main.ts', 'chunks/cli': 'src/cli/run.ts' },
  plugins: [executable(), onlyUsedZod(), runBeside()],
};

/** @type {import('esbuild').BuildOptions} */
const webviews = {
  ...common,
  platform: 'browser',
  target: 'chrome128',
  entryPoints: { approvals: 'src/webviews/approvals/main.tsx', metrics: 'src/webviews/metrics/main.tsx' },
  outdir: 'dist/webviews',
  // Pages share their libraries: each loads its own script and the chunks that it imports.
  format: 'esm',
  splitting: true,
  chunkNames: 'shared-[hash]',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: production,
  metafile: true,
  plugins: [withoutStaleChunks('dist/webviews')],
};

if (process.argv.includes('--watch')) {
  for (const options of [extension, library, cli, webviews])
    await (await esbuild.context({ ...options, logLevel: 'info' })).watch();
} else {
  const builds = await Promise.allSettled([extension, library, cli, webviews].map((options) => esbuild.build(options)));
  // esbuild has printed the errors itself, with the places in the source.
  if (builds.some((build) => build.status === 'rejected')) process.exitCode = 1;
}

/**
 * `import { z }` takes all of zod, with its messages in every language: the name is an object. `import * as z` is the
 * same thing in a form that esbuild can take the unused part from: 100 kB instead of 450, and 20 ms less at each start.
 */
function onlyUsedZod() {
  return {
    name: 'only-used-zod',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path: file }) => {
        const source = await readFile(file, 'utf8');
        return { contents: source.replace("import { z } from 'zod';", "import * as z from 'zod';"), loader: 'ts' };
      });
    },
  };
}

/** The command line runs as a program: a first line that names Node, and the permission to be run. */
function executable() {
  return {
    name: 'executable',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/]cli[\\/]main\.ts$/ }, async ({ path: file }) => {
        const source = await readFile(file, 'utf8');
        return { contents: source.startsWith('#!') ? source : `#!/usr/bin/env node\n${source}`, loader: 'ts' };
      });
      build.onEnd(async () => {
        const file = path.join(dist, 'cli.js');
        if (existsSync(file)) await chmod(file, 0o755);
      });
    },
  };
}

/** The command line's first file only sees to it that the second one is compiled once and not at each start. */
function runBeside() {
  return {
    name: 'run-beside',
    setup(build) {
      build.onResolve({ filter: /^\.\/run\.ts$/ }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: './chunks/cli.js', external: true } : undefined,
      );
    },
  };
}

/** The extension loads the library on first use, as the bundle beside it: it is not on the path of activation. */
function libraryBeside() {
  return {
    name: 'library-beside',
    setup(build) {
      build.onResolve({ filter: /[\\/]index\.ts$/ }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: './index.js', external: true } : undefined,
      );
    },
  };
}

/** Deletes the chunks of earlier builds: their names carry a hash, so they would pile up and be packaged. */
function withoutStaleChunks(output) {
  return {
    name: 'without-stale-chunks',
    setup(build) {
      build.onEnd(async ({ metafile }) => {
        const folder = path.join(import.meta.dirname, output);
        if (metafile === undefined || !existsSync(folder)) return;
        for (const name of await readdir(folder)) {
          const ours = name.startsWith('cli.js') || metafile.outputs[`${output}/${name}`] !== undefined;
          if (!ours) await rm(path.join(folder, name), { force: true });
        }
      });
    },
  };
}
