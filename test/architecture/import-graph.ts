import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import esbuild from 'esbuild';

/** One import: of a file of ours as its path from the root, of anything else by its own name (`zod`, `node:fs`). */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** True for one of types only: it is gone at run time. */
  readonly types: boolean;
  /** True for one that is loaded on use. */
  readonly lazy: boolean;
}

export interface Module {
  readonly file: string;
  readonly exports: readonly string[];
  readonly imports: readonly Import[];
}

/** Files that match a pattern, as paths from the root with forward slashes. */
export function filesOf(root: string, ...patterns: string[]): string[] {
  return globSync(patterns, { cwd: root })
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

/**
 * The imports and exports of TypeScript files as esbuild's parser reads them, nothing resolved further than to its file.
 * It leaves types out, so the files are read twice: as they are, and with their imports of types made imports of values.
 */
export async function readModules(root: string, files: readonly string[]): Promise<Module[]> {
  const values = await parse(root, files, (source) => source);
  const all = await parse(root, files, typesAsValues);
  return files.map((file) => {
    const real = values.get(file)?.imports ?? [];
    const names = new Set(all.get(file)?.imports.map((edge) => edge.path));
    const imports = [...names].map((to) => {
      const uses = real.filter((edge) => edge.path === to);
      const lazy = uses.length > 0 && uses.every((edge) => edge.kind === 'dynamic-import');
      return { from: file, to, types: uses.length === 0, lazy };
    });
    return { file, exports: values.get(file)?.exports ?? [], imports };
  });
}

/** Imports of types in every form: `import type`, `export type … from`, and `import('…')` within a type. */
function typesAsValues(source: string): string {
  const inline = [...source.matchAll(/\bimport\(\s*('[^']+'|"[^"]+")\s*\)/g)].map(([, name]) => `import ${name};`);
  return `${source.replace(/^(import|export) type (?=[\w{*])(?!\w+\s*[=<])/gm, '$1 ')}\n${inline.join('\n')}`;
}

interface Parsed {
  readonly exports: readonly string[];
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

async function parse(
  root: string,
  files: readonly string[],
  change: (source: string) => string,
): Promise<Map<string, Parsed>> {
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [...files],
    outdir: 'nowhere',
    outbase: '.',
    bundle: true,
    metafile: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    // Keeps imports that only types need, where their statement is not one of types.
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    plugins: [onlyTheFileItself(root, change)],
  });
  const parsed = new Map<string, Parsed>();
  for (const { entryPoint, exports, imports } of Object.values(metafile.outputs)) {
    if (entryPoint !== undefined) parsed.set(entryPoint, { exports, imports });
  }
  return parsed;
}

function onlyTheFileItself(root: string, change: (source: string) => string): esbuild.Plugin {
  return {
    name: 'only-the-file-itself',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path: name, importer, kind }) => {
        if (kind === 'entry-point') return undefined;
        if (!name.startsWith('.')) return { path: name, external: true };
        const file = path.relative(root, path.resolve(path.dirname(importer), name));
        return { path: file.split(path.sep).join('/'), external: true };
      });
      build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
        return { contents: change(await readFile(file, 'utf8')), loader: 'ts' };
      });
    },
  };
}
