// Builds what ships: `node esbuild.js [--production] [--watch]`
//
//   src/extension.ts   -> dist/extension.js    the extension, for VS Code's extension host
//   src/index.ts       -> dist/index.js        the library; it shares dist/chunks with the extension
//   src/cli/main.ts    -> dist/cli.cjs         the command line's first file: version, help, and everything else on use
//   src/cli/run.ts     -> dist/chunks/cli.cjs  the commands called most; cli-rest.cjs has the other ones
//   src/editor-agent.ts -> dist/chunks/editor-agent.cjs  the agent for models of an editor
//   libraries          -> dist/chunks/*.cjs    zod for all of them, the others for the commands
//   src/webviews/*     -> dist/webviews/*.js    the pages of the extension, for the editor's browser

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';
import { librariesApart, libraryBuilds, zodOnUse } from './scripts/bundle/libraries.js';
import { storedShapes } from './scripts/bundle/stored-shapes.js';
import { asFunction, twoFiles } from './scripts/bundle/two-files.js';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const dist = path.join(import.meta.dirname, 'dist');
/** Commands whose compiled code is kept apart, because each calls other functions. */
const cachedCommands = ['task-list', 'task-show', 'task-create', 'task-start', 'task-logs', 'queue-status'];

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

/** Dependencies in CommonJS ask for Node's own modules with `require`, which ES modules do not have. */
const requireInModules =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  outdir: 'dist',
  format: 'esm',
  // Half the time of a short command is reading code: what it reads is kept small in every build.
  minify: true,
  metafile: true,
  banner: { js: requireInModules },
};

/** @type {import('esbuild').BuildOptions} */
const library = {
  ...node,
  entryPoints: { extension: 'src/extension.ts', index: 'src/index.ts' },
  external: ['vscode'],
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  plugins: [
    ...shapes,
    lightSchemas(),
    zodOnUse(),
    oneByteText(),
    requireWhereUsed(),
    withoutStaleChunks('dist/chunks'),
  ],
};

/** @returns {import('esbuild').BuildOptions} */
const cli = (build) => ({
  ...node,
  entryPoints: { cli: 'src/cli/main.ts' },
  // An ES module takes 0.07 of the time in which Node starts.
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  banner: {},
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  plugins: [executable(build)],
});

/** @type {import('esbuild').BuildOptions} */
const commands = {
  ...node,
  entryPoints: { 'chunks/cli': 'src/cli/run.ts' },
  // Few files, because each module that Node loads takes time. In CommonJS a part is run on first use, and only then loads
  // Node's own modules: an ES module loads those of all its parts first.
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // A file with cached code (`src/cli/compiled-file.ts`) can only use `require`.
  supported: { 'dynamic-import': false },
  banner: { js: requireOnUse(['node:child_process', 'node:crypto', 'node:fs/promises', 'node:zlib']) },
  define: { 'import.meta.dirname': '__dirname' },
  plugins: [...shapes, lightSchemas(), zodOnUse(), librariesApart(), oneByteText()],
};

/** A program that workers start for each task with a model of the editor. @type {import('esbuild').BuildOptions} */
const editorAgent = { ...commands, entryPoints: { 'chunks/editor-agent': 'src/editor-agent.ts' } };

/** @type {import('esbuild').BuildOptions} */
const webviews = {
  ...common,
  platform: 'browser',
  target: 'chrome128',
  entryPoints: {
    approvals: 'src/webviews/approvals/main.tsx',
    board: 'src/webviews/board/main.tsx',
    graph: 'src/webviews/graph/main.tsx',
    metrics: 'src/webviews/metrics/main.tsx',
    'new-task': 'src/webviews/new-task/main.tsx',
    plan: 'src/webviews/plan/main.tsx',
    race: 'src/webviews/race/main.tsx',
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

const all = [
  library,
  // A watched source may move from one file to the other.
  ...(watch ? [asFunction(commands)] : await twoFiles(commands)),
  editorAgent,
  ...(await libraryBuilds({ ...node, plugins: [oneByteText()] }, watch)),
  webviews,
];
if (watch) {
  for (const options of [...all, cli('')]) await (await esbuild.context({ ...options, logLevel: 'info' })).watch();
} else {
  const builds = await Promise.allSettled(all.map((options) => esbuild.build(options)));
  // esbuild has printed the errors itself, with the places in the source.
  if (builds.some((build) => build.status === 'rejected')) process.exitCode = 1;
  else await esbuild.build(cli(await buildName()));
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
  return `var require = ((load) => (name) => ${listed}.includes(name) ? new Proxy({}, { get: (_, key) => load(name)[key], ownKeys: () => Reflect.ownKeys(load(name)), getOwnPropertyDescriptor: (_, key) => ({ value: load(name)[key], enumerable: true, configurable: true }) }) : load(name))(module.require.bind(module));`;
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
          // Modules of the other file are too short for the limit of a line to break between them.
          const broken = ascii.replace(/(\.modules\(\)\["[^"]+"\]\(\)\}\);)(?=var )/g, '$1\n');
          if (broken !== text) await writeFile(file, broken);
        }
      });
    },
  };
}

/** Removes `require` from the files that do not call it: most of the many chunks. */
function requireWhereUsed() {
  return {
    name: 'require-where-used',
    setup(build) {
      build.onEnd(async ({ metafile }) => {
        for (const name of Object.keys(metafile?.outputs ?? {}).filter((each) => each.endsWith('.js'))) {
          const file = path.join(import.meta.dirname, name);
          const [head, code] = (await readFile(file, 'utf8')).split(`${requireInModules}\n`);
          if (head === '' && code !== undefined && !/\brequire\b/.test(code)) await writeFile(file, code);
        }
      });
    },
  };
}

/** The name of a build of the commands: their compiled code is kept under it. */
async function buildName() {
  const digest = createHash('sha256');
  for (const name of ['cli.cjs', 'cli-rest.cjs']) digest.update(await readFile(path.join(dist, 'chunks', name)));
  return digest.digest('hex').slice(0, 16);
}

/**
 * The command line runs as a program: a first line that names Node, and the permission to be run. It loads the commands
 * with `require`, which takes less time than `import()` of a file in CommonJS.
 */
function executable(buildName) {
  return {
    name: 'executable',
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/]cli[\\/]main\.ts$/ }, async ({ path: file }) => {
        const source = await readFile(file, 'utf8');
        const contents = source.replace(
          "await import('./run.ts')",
          `loadCompiled({
            file: \`\${import.meta.dirname}/chunks/cli.cjs\`,
            build: '${buildName}',
            folder,
            name: ${JSON.stringify(cachedCommands)}.find((name) => name === \`\${word}-\${others[0]}\`) ?? 'other',
          })`,
        );
        if (contents === source) throw new Error('src/cli/main.ts does not load run.ts as it did.');
        const start = "#!/usr/bin/env node\nimport { loadCompiled } from './compiled-file.ts';\n";
        return { contents: `${start}${contents}`, loader: 'ts' };
      });
      build.onEnd(async () => {
        const file = path.join(dist, 'cli.cjs');
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
