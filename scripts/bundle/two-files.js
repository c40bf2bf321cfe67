// Builds the commands as two files, so that a short command reads only the first one.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';

const root = path.join(import.meta.dirname, '..', '..');

/** Modules that the first file has besides those that the program starts with: the code of the commands called most. */
const everyday = [
  'src/host.ts',
  'src/cli/program.ts',
  'src/cli/commands/task-list.ts',
  'src/operations/task/list.ts',
  'src/cli/commands/task-show.ts',
  'src/operations/task/show.ts',
  'src/store/file/logs/opened-logs.ts',
  'src/cli/commands/queue.ts',
  'src/operations/queue/status.ts',
];

/** The build imports this module itself, and each file has it. */
const insertedByBuild = 'src/core/deferred-schema.ts';

/**
 * Makes the whole file an expression, which `src/cli/compiled-file.ts` runs without a copy of its text.
 *
 * @param {import('esbuild').BuildOptions} options for CommonJS
 */
export function asFunction(options) {
  return {
    ...options,
    banner: { js: `(function (exports, require, module, __filename, __dirname) {${options.banner.js}` },
    footer: { js: '})' },
  };
}

/**
 * Options of the builds of two files from one entry point. The second file takes shared modules from the first one, so
 * that each module exists once in a process.
 *
 * @param {import('esbuild').BuildOptions} options with one entry point `{ [out]: source }`, for CommonJS
 * @returns {Promise<import('esbuild').BuildOptions[]>}
 */
export async function twoFiles(options) {
  const [[out, entry]] = Object.entries(options.entryPoints);
  const inputs = await importsOf(options);
  const first = closureOf([entry, ...everyday], inputs);
  const isFirst = (name) => name.startsWith('src/') && name !== insertedByBuild && first.has(name);
  const others = Object.keys(inputs).filter((name) => name.startsWith('src/') && !first.has(name));
  const later = targetsOf([...first], inputs, (name) => others.includes(name));
  const shared = await sharedTable(others, inputs, isFirst);
  const name = path.basename(out);
  const build = (options, outfile, contents, plugin) => ({
    ...options,
    entryPoints: undefined,
    outdir: undefined,
    outExtension: undefined,
    outfile: path.join(options.outdir, outfile),
    stdin: { contents, resolveDir: root },
    plugins: [plugin, ...options.plugins],
  });
  return [
    build(
      asFunction(options),
      `${out}.cjs`,
      `export * from './${entry}';\nexport const modules = () => require('shared').modules;`,
      fromFile(`./${name}-rest.cjs`, (module) => others.includes(module), shared),
    ),
    build(
      options,
      `${out}-rest.cjs`,
      `const table = {\n${later.map(requireLine).join('\n')}\n};\nexport const modules = () => table;`,
      fromFile(`./${name}.cjs`, isFirst),
    ),
  ];
}

/** The modules that these modules import in one of these ways. */
function targetsOf(names, inputs, isWanted, isKind = () => true) {
  const imports = names.flatMap((name) => inputs[name]?.imports ?? []);
  return [
    ...new Set(
      imports
        .filter(({ kind }) => isKind(kind))
        .map((each) => each.path)
        .filter(isWanted),
    ),
  ];
}

/**
 * Code that exports the names which modules of the other file import. It names each one, because an object of all
 * exports of a module takes time at each start, also if no other file is loaded.
 */
async function sharedTable(importers, inputs, isShared) {
  const whole = targetsOf(importers, inputs, isShared, (kind) => kind === 'dynamic-import');
  const names = new Map();
  for (const importer of importers) {
    const source = await readFile(path.join(root, importer), 'utf8');
    const found = new Set();
    for (const [, list, target] of source.matchAll(/^(?:import|export) \{([^}]*)\} from '(\.[^']+)';/gm)) {
      const module = path.posix.join(path.posix.dirname(importer), target);
      found.add(module);
      if (!isShared(module) || whole.includes(module)) continue;
      const known = names.get(module) ?? names.set(module, new Set()).get(module);
      for (const text of list.split(',').map((each) => each.trim())) {
        if (text !== '' && !text.startsWith('type ')) known.add(text.split(' as ')[0]);
      }
    }
    const missed = targetsOf([importer], inputs, isShared, (kind) => kind !== 'dynamic-import');
    for (const module of missed.filter((each) => !found.has(each) && !whole.includes(each))) {
      throw new Error(`${importer} imports ${module} in a way that scripts/bundle/two-files.js does not know.`);
    }
  }
  const modules = [...names].filter(([, known]) => known.size > 0);
  const imports = modules.map(([module, known], index) => {
    const list = [...known].map((each) => `${each} as ${each}_${index}`);
    return `import { ${list.join(', ')} } from './${module}';`;
  });
  const lines = modules.map(([module, known], index) => {
    const getters = [...known].map((each) => `get ${each}() { return ${each}_${index}; }`);
    return `${JSON.stringify(module)}: () => ({ ${getters.join(', ')} }),`;
  });
  return `${imports.join('\n')}\nexport const modules = {\n${[...lines, ...whole.map(requireLine)].join('\n')}\n};`;
}

/** A line of a table of modules by their paths. The module runs on first use. */
function requireLine(name) {
  return `${JSON.stringify(name)}: () => require('./${name}'),`;
}

/** The modules of a bundle and their imports, by their paths. */
async function importsOf(options) {
  // Without the plugins that change the file, which is not written.
  const plugins = options.plugins.filter(({ name }) => name !== 'one-byte-text');
  const { metafile } = await esbuild.build({ ...options, plugins, write: false, metafile: true });
  return metafile.inputs;
}

/** These modules and all modules that run with them. */
function closureOf(names, inputs) {
  const found = new Set(names);
  for (const name of found) {
    const module = inputs[name];
    if (module === undefined) throw new Error(`The bundle has no module ${name}.`);
    for (const { path: target, kind } of module.imports) {
      if (kind !== 'dynamic-import' && inputs[target] !== undefined) found.add(target);
    }
  }
  return found;
}

/** Takes modules from another file of the two, and offers it these. */
function fromFile(file, isThere, shared) {
  return {
    name: 'two-files',
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path: target, resolveDir, namespace }) => {
        if (target === file) return { path: file, external: true };
        const name = path.relative(root, path.resolve(resolveDir, target)).split(path.sep).join('/');
        return namespace === 'file' && isThere(name) ? { path: name, namespace: 'other-file' } : undefined;
      });
      build.onResolve({ filter: /^shared$/ }, () => ({ path: 'shared', namespace: 'shared' }));
      build.onLoad({ filter: /.*/, namespace: 'shared' }, () => ({ contents: shared, resolveDir: root }));
      build.onLoad({ filter: /.*/, namespace: 'other-file' }, ({ path: name }) => ({
        contents: `module.exports = require('${file}').modules()[${JSON.stringify(name)}]();`,
      }));
    },
  };
}
