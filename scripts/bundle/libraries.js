// Keeps libraries in files of their own, so that a command reads only those that it uses.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as zod from 'zod';

const root = path.join(import.meta.dirname, '..', '..');
const zodImport = /import (?:\{ z \}|\* as z) from (['"])zod(?:\/v4)?\1;/;

/** Libraries by the file below `dist/chunks` that the commands take them from. */
const files = {
  '@agentclientprotocol/sdk': 'acp',
  '@huggingface/jinja': 'jinja',
  '@modelcontextprotocol/server': 'mcp',
  '@modelcontextprotocol/server/stdio': 'mcp',
  commander: 'commander',
  'jsonc-parser': 'jsonc',
  pg: 'pg',
  yaml: 'yaml',
};

/** Libraries with their own copy of zod: `mcp` needs parts of it that no command uses. */
const withOwnZod = new Set(['mcp']);

/**
 * Options of the builds of `dist/chunks/zod.cjs` and of the other libraries, with the exports that the product uses.
 *
 * @param {import('esbuild').BuildOptions} node
 * @param {boolean} all whether all exports are built: a source that changes while it is watched may use another one
 * @returns {Promise<import('esbuild').BuildOptions[]>}
 */
export async function libraryBuilds(node, all) {
  const sources = await sourcesIn('src');
  const build = (name, contents, plugins) => ({
    ...node,
    stdin: { contents, resolveDir: root },
    outdir: undefined,
    outfile: `dist/chunks/${name}.cjs`,
    format: 'cjs',
    banner: {},
    // The CommonJS files of jsonc-parser load their parts in a way that a bundle cannot follow.
    ...(name === 'jsonc' ? { mainFields: ['module', 'main'] } : {}),
    plugins: [...node.plugins, ...plugins],
  });
  const users = [...sources, ...(await sourcesIn('node_modules/@agentclientprotocol/sdk/dist'))];
  return [
    build('zod', all ? "export { z } from 'zod';" : zodEntry(users), []),
    ...[...new Set(Object.values(files))].map((name) => {
      const libraries = Object.keys(files).filter((library) => files[library] === name);
      const contents = libraries.map((library) => {
        const exported = all ? '*' : `{ ${namesFrom(library, sources).join(', ')} }`;
        return `export ${exported} from '${library}';`;
      });
      return build(
        name,
        contents.join('\n'),
        withOwnZod.has(name) ? [withoutValidator()] : [zodOnUse(), commanderAlone()],
      );
    }),
  ];
}

async function sourcesIn(folder) {
  const names = await readdir(path.join(root, folder), { recursive: true });
  // The pages have their own, smaller zod.
  const used = names.filter((name) => /\.[jt]s$/.test(name) && !name.startsWith('webviews'));
  return Promise.all(used.map((name) => readFile(path.join(root, folder, name), 'utf8')));
}

/** Only the used part of zod: all of it, with its messages in every language, is four times as large. */
function zodEntry(sources) {
  const names = sources
    .filter((source) => zodImport.test(source))
    .flatMap((source) => Array.from(source.matchAll(/\bz\.(\w+)/g), ([, name]) => name))
    .filter((name) => name in zod && name !== 'core');
  const used = [...new Set(names)].sort().map((name) => `${name}: all.${name}`);
  return `import * as all from 'zod';\nexport const z = { ${used.join(', ')} };`;
}

/** Names that the source imports from a library, without types. */
function namesFrom(library, sources) {
  const statement = new RegExp(`import \\{([^}]*)\\} from '${library}';`, 'g');
  const lists = sources.flatMap((source) => Array.from(source.matchAll(statement), ([, list]) => list));
  const imports = lists.flatMap((list) => list.split(',')).map((text) => text.trim());
  const values = imports.filter((text) => text !== '' && !text.startsWith('type '));
  return [...new Set(values.map((text) => text.split(' as ')[0]))].sort();
}

/** Takes zod from `zod.cjs` when the first schema is built: reading tasks needs none. */
export function zodOnUse() {
  const module = `
    let loaded;
    export const z = new Proxy({}, { get: (_, name) => (loaded ??= require('./zod.cjs').z)[name] });
  `;
  return {
    name: 'zod-on-use',
    setup(build) {
      build.onResolve({ filter: /^zod(\/v4)?$/ }, () => ({ path: 'zod', namespace: 'on-use' }));
      build.onResolve({ filter: /^\.\/zod\.cjs$/ }, ({ path: file }) => ({ path: file, external: true }));
      build.onLoad({ filter: /.*/, namespace: 'on-use' }, () => ({ contents: module }));
      build.onLoad({ filter: /@agentclientprotocol[\\/]sdk[\\/].*\.js$/ }, async ({ path: file }) => ({
        contents: (await readFile(file, 'utf8')).replace(zodImport, "import { z } from 'zod';"),
      }));
    },
  };
}

/** Leaves out the validator of JSON Schemas, a third of the library: operations check their input themselves. */
function withoutValidator() {
  const validator = 'export class Validator { getValidator() { return (data) => ({ valid: true, data }); } }';
  return {
    name: 'without-validator',
    setup(build) {
      build.onLoad(
        { filter: /modelcontextprotocol[\\/]server[\\/]dist[\\/]ajvProvider-.*\.mjs$/ },
        async ({ path: file }) => {
          const source = await readFile(file, 'utf8');
          const exported = /export \{ (.*) \};\n/.exec(source)?.[1] ?? '';
          const names = [...exported.matchAll(/ as (\w+)/g)].map(([, name]) => `Validator as ${name}`);
          return { contents: `${validator}\nexport { ${names.join(', ')} };` };
        },
      );
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

/** Takes the other libraries from their files, when a module that imports them is run. */
export function librariesApart() {
  return {
    name: 'libraries-apart',
    setup(build) {
      build.onResolve({ filter: /^[\w@][\w@/-]*$/ }, ({ path: library }) =>
        Object.hasOwn(files, library) ? { path: `./${files[library]}.cjs`, external: true } : undefined,
      );
    },
  };
}
