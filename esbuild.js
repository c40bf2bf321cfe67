// Builds what ships: `node esbuild.js [--production] [--watch]`
//
//   src/extension.ts   -> dist/extension.js    the extension, for VS Code's extension host
//   src/index.ts       -> dist/index.js        the library; it shares dist/chunks with the extension
//   src/cli/main.ts    -> dist/cli.js          the command line's first file: version, help, and everything else on use
//   src/cli/run.ts     -> dist/chunks/cli.cjs  the commands
//   libraries          -> dist/chunks/*.cjs    zod for all of them, the others for the commands
//   src/webviews/*     -> dist/webviews/*.js    the pages of the extension, for the editor's browser

import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';
import { librariesApart, libraryBuilds, zodOnUse } from './scripts/bundle/libraries.js';
import { storedShapes } from './scripts/bundle/stored-shapes.js';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const dist = path.join(import.meta.dirname, 'dist');

/** Not while sources are watched: the stored shape would not change with its schema. */
const shapes = watch ? [] : [storedShapes()];

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
  // Node prints the source line of an uncaught error: minified code in one line would fill the terminal.
  lineLimit: 200,
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
  entryPoints: { extension: 'src/extension.ts', index: 'src/index.ts' },
  external: ['vscode'],
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [...shapes, lightSchemas(), zodOnUse(), oneByteText(), withoutStaleChunks('dist/chunks')],
};

/** @type {import('esbuild').BuildOptions} */
const cli = {
  ...node,
  entryPoints: { cli: 'src/cli/main.ts' },
  banner: {},
  plugins: [executable()],
};

/** @type {import('esbuild').BuildOptions} */
const commands = {
  ...node,
  entryPoints: { 'chunks/cli': 'src/cli/run.ts' },
  // One file, because each module that Node loads takes time. In CommonJS a part is run on first use, and only then loads
  // Node's own modules: an ES module loads those of all its parts first.
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  banner: { js: requireOnUse(['node:child_process', 'node:crypto', 'node:zlib']) },
  define: { 'import.meta.dirname': '__dirname' },
  plugins: [...shapes, lightSchemas(), zodOnUse(), librariesApart(), oneByteText(), commanderAlone()],
};

/** @type {import('esbuild').BuildOptions} */
const webviews = {
  ...common,
  platform: 'browser',
  target: 'chrome128',
  entryPoints: {
    approvals: 'src/webviews/approvals/main.tsx',
    metrics: 'src/webviews/metrics/main.tsx',
    task: 'src/webviews/task/main.tsx',
  },
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

const all = [library, cli, commands, ...(await libraryBuilds({ ...node, plugins: [oneByteText()] }, watch)), webviews];
if (watch) {
  for (const options of all) await (await esbuild.context({ ...options, logLevel: 'info' })).watch();
} else {
  const builds = await Promise.allSettled(all.map((options) => esbuild.build(options)));
  // esbuild has printed the errors itself, with the places in the source.
  if (builds.some((build) => build.status === 'rejected')) process.exitCode = 1;
}

/**
 * Makes schemas cheap for a short command.
 *
 * Building a schema takes more time than using it once, and each start uses few: a schema that a module defines at its
 * top level, or as the input or output of an operation, is built on first use (`src/core/deferred-schema.ts`).
 */
function lightSchemas() {
  const definition = /^((?:export )?const \w+ = )((?:z|\w+Schema)\s*\.(?:[^;]|;(?!\n))*?);\n(?=\n|\S|$)/gm;
  const property = /^( {2}(?:input|output): )((?:z|\w+Schema)\s*\.[\s\S]*?),\n(?= {2}(?:output|positional): )/gm;
  const helper = path.join(import.meta.dirname, 'src', 'core', 'deferred-schema.ts');
  return {
    name: 'light-schemas',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path: file }) => {
        const source = await readFile(file, 'utf8');
        if (!source.includes("import { z } from 'zod';")) return { contents: source, loader: 'ts' };
        const light = source
          .replace(definition, (whole, start, schema) =>
            /\.(parse|safeParse)\(|\.shape$/.test(schema) ? whole : `${start}deferredSchema(() => ${schema});\n`,
          )
          .replace(property, (_, start, schema) => `${start}deferredSchema(() => ${schema}),\n`);
        const name = JSON.stringify(helper);
        const contents = light.includes('deferredSchema(')
          ? `import { deferredSchema } from ${name};\n${light}`
          : light;
        return { contents, loader: 'ts' };
      });
    },
  };
}

/**
 * Loads these modules of Node when one of their exports is used, and not when a file that imports them is run: each
 * takes a tenth of the time in which Node starts, and few commands use them.
 */
function requireOnUse(names) {
  const listed = JSON.stringify(names);
  return `var require = ((load) => (name) => ${listed}.includes(name) ? new Proxy({}, { get: (_, key) => load(name)[key] }) : load(name))(module.require.bind(module));`;
}

/**
 * Escapes characters beyond ASCII, which esbuild does in strings but not in regular expressions. V8 keeps a file with one
 * such character in two bytes per character, and reads and compiles all of it more slowly.
 */
function oneByteText() {
  return {
    name: 'one-byte-text',
    setup(build) {
      build.onEnd(async ({ metafile }) => {
        for (const name of Object.keys(metafile?.outputs ?? {}).filter((each) => /\.c?js$/.test(each))) {
          const file = path.join(import.meta.dirname, name);
          const text = await readFile(file, 'utf8');
          const ascii = text.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
          if (ascii !== text) await writeFile(file, ascii);
        }
      });
    },
  };
}

/** Commander starts programs for commands that are files of their own, which ours are not. */
function commanderAlone() {
  return {
    name: 'commander-alone',
    setup(build) {
      build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
        /[\\/]commander[\\/]/.test(importer) ? { path: 'none', namespace: 'none' } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'module.exports = {};' }));
    },
  };
}

/**
 * The command line runs as a program: a first line that names Node, and the permission to be run. It loads the commands
 * with `require`, which takes less time than `import()` of a file in CommonJS.
 */
function executable() {
  return {
    name: 'executable',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/]cli[\\/]main\.ts$/ }, async ({ path: file }) => {
        const source = await readFile(file, 'utf8');
        const contents = source.replace(
          "await import('./run.ts')",
          "nodeModule.createRequire(import.meta.url)('./chunks/cli.cjs')",
        );
        if (contents === source) throw new Error('src/cli/main.ts does not load run.ts as it did.');
        return { contents: `#!/usr/bin/env node\n${contents}`, loader: 'ts' };
      });
      build.onEnd(async () => {
        const file = path.join(dist, 'cli.js');
        if (existsSync(file)) await chmod(file, 0o755);
      });
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
          const ours = /\.cjs(\.map)?$/.test(name) || metafile.outputs[`${output}/${name}`] !== undefined;
          if (!ours) await rm(path.join(folder, name), { force: true });
        }
      });
    },
  };
}
