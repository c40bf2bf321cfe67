import type { Import, Module } from './import-graph.ts';

/** What each part may import of ours, itself included anyway. What is not listed may import nothing and be imported by nobody. */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  machine: ['core'],
  store: ['core'],
  agents: ['core', 'machine'],
  formats: ['core'],
  runtime: ['core', 'machine', 'store', 'formats'],
  operations: ['core', 'store', 'formats', 'runtime'],
  host: ['core', 'store', 'runtime', 'agents', 'operations'],
  'editor-agent': ['agents'],
  'extension-api': ['core', 'store', 'operations'],
  library: ['core', 'store', 'formats', 'runtime', 'operations', 'host'],
  index: ['core', 'store', 'runtime', 'operations', 'host', 'library', 'extension-api'],
  cli: ['core', 'machine', 'store', 'runtime', 'operations', 'host', 'mcp'],
  mcp: ['core', 'store', 'runtime', 'operations', 'host'],
  vscode: ['core', 'store', 'runtime', 'operations', 'host', 'index', 'webviews', 'extension-api'],
  extension: ['vscode', 'extension-api'],
  webviews: ['core'],
};

/** Parts that may use only these packages, and nothing of Node. */
const packages: Readonly<Record<string, readonly string[]>> = {
  core: ['zod', 'nanoid'],
  webviews: ['preact', '@preact/signals', 'zod'],
};

/** Parts that see only the types of what they import. */
const typesOnly: readonly string[] = ['webviews', 'extension-api'];

/** The part of a file: its folder in `src`, or the name of a file that is a part by itself. */
export function partOf(file: string): string | undefined {
  const [top, part, ...rest] = file.split('/');
  if (top !== 'src' || part === undefined) return undefined;
  return rest.length > 0 ? part : part.replace(/\.tsx?$/, '');
}

/** Imports that go against an arrow, in words. */
export function wrongArrows(modules: readonly Module[]): string[] {
  return modules.flatMap((module) => {
    const known = arrows[partOf(module.file) ?? ''] !== undefined;
    if (!known) return [`${module.file} belongs to no part of the house`];
    return module.imports.flatMap((edge) => problem(edge) ?? []);
  });
}

function problem(edge: Import): string | undefined {
  const from = partOf(edge.from) ?? '';
  const says = (why: string): string => `${edge.from} imports ${edge.to}: ${why}`;
  if (edge.to.includes('/') && /\.[cm]?tsx?$/.test(edge.to)) {
    const to = partOf(edge.to);
    if (to === undefined) return says('it is outside of src');
    if (to === from) return undefined;
    if (arrows[from]?.includes(to) !== true) return says(`${from} must not know ${to}`);
    return typesOnly.includes(from) && !edge.types ? says(`${from} takes types only`) : undefined;
  }
  if (edge.to === 'vscode') {
    return from === 'vscode' || from === 'extension' ? undefined : says('only src/vscode knows the editor');
  }
  const allowed = packages[from];
  const name = /^(@[^/]+\/)?[^/]+/.exec(edge.to)?.[0] ?? edge.to;
  return allowed === undefined || allowed.includes(name)
    ? undefined
    : says(`${from} may use ${allowed.join(', ')} only`);
}

/** Parts that work on a store without knowing where it keeps its state. */
const faraway: readonly string[] = ['core', 'agents', 'runtime', 'operations', 'cli', 'mcp', 'vscode', 'webviews'];

/** Files that name a path below the state of a store, or import what keeps it in files, in words. */
export function pathsIntoState(modules: readonly Module[], sources: ReadonlyMap<string, string>): string[] {
  return modules
    .filter(({ file }) => faraway.includes(partOf(file) ?? ''))
    .flatMap(({ file, imports }) => [
      ...(/\.systemprompt['"`/\\,{\s]+state\b/.test(sources.get(file) ?? '')
        ? [`${file} names a path into the state`]
        : []),
      ...imports.filter(({ to }) => to.startsWith('src/store/file/')).map(({ to }) => `${file} imports ${to}`),
    ]);
}

/** Files that may start processes, none of them an agent's, with the reason. */
const starters: Readonly<Record<string, string>> = {
  'src/agents/process-group.ts': 'starts what the launcher asks for',
  'src/agents/process-table.ts': 'runs ps',
  'src/agents/editor-model/program/tools/run-command.ts': 'runs commands inside the process group of an agent',
  'src/agents/editor-model/program/tools/task-tools.ts':
    'runs the server of tools inside the process group of an agent',
  'src/runtime/schedule/spawn-worker.ts': 'starts workers',
  'src/runtime/worktrees/git-process.ts': 'runs git',
  'src/runtime/github/gh.ts': 'runs the command line of GitHub',
  'src/runtime/analysis/dependencies.ts': 'runs npm audit and npm outdated',
  'src/runtime/analysis/git-lines.ts': 'runs git and streams its output',
  'src/runtime/shell-command.ts': 'runs the setup command of a worktree, and hooks',
};

/** Files below `src/agents` and `src/runtime` that could start an agent without the launcher, in words. */
export function pastTheLauncher(modules: readonly Module[]): string[] {
  const group = 'src/agents/process-group.ts';
  return modules
    .filter(({ file }) => ['agents', 'runtime'].includes(partOf(file) ?? ''))
    .flatMap(({ imports }) => imports)
    .filter(({ from, to, types }) =>
      to === group ? !types && from !== 'src/agents/launcher.ts' : /child_process$/.test(to) && !(from in starters),
    )
    .map(({ from, to }) => `${from} imports ${to}`);
}

/** Packages that are imported, without Node's own and the editor. */
export function packagesOf(modules: readonly Module[]): string[] {
  const names = modules
    .flatMap((module) => module.imports)
    .map((edge) => edge.to)
    .filter((to) => !to.startsWith('node:') && to !== 'vscode' && !/\.[cm]?tsx?$/.test(to))
    .map((to) => /^(@[^/]+\/)?[^/]+/.exec(to)?.[0] ?? to);
  return [...new Set(names)].sort();
}

/** Circles of files that import each other; each as the files in it. */
export function circles(modules: readonly Module[], counts: (edge: Import) => boolean = () => true): string[][] {
  const next = new Map(
    modules.map((module) => [module.file, module.imports.filter(counts).map((edge) => edge.to)] as const),
  );
  const found: string[][] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): void => {
    const begins = way.indexOf(file);
    if (begins >= 0) found.push([...way.slice(begins), file]);
    if (begins >= 0 || done.has(file)) return;
    way.push(file);
    for (const to of next.get(file) ?? []) visit(to);
    way.pop();
    done.add(file);
  };
  for (const file of next.keys()) visit(file);
  return found;
}

/** The folder of a file; a file directly in a layer is in the layer's own folder. */
function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}

/**
 * Cycles between the folders of one layer (`src/runtime`); each as the folders in it. `apart`: files directly in the
 * layer count each by itself, where they are ports and compositions.
 */
export function folderCircles(
  modules: readonly Module[],
  layer: string,
  loose: 'together' | 'apart' = 'together',
): string[][] {
  const placeOf = (file: string): string => (loose === 'apart' && folderOf(file) === layer ? file : folderOf(file));
  const imports = new Map<string, Import[]>();
  for (const { file, imports: edges } of modules) {
    if (!file.startsWith(`${layer}/`)) continue;
    const from = placeOf(file);
    const others = edges
      .filter((edge) => edge.to.startsWith(`${layer}/`) && placeOf(edge.to) !== from)
      .map((edge) => ({ ...edge, from, to: placeOf(edge.to) }));
    imports.set(from, [...(imports.get(from) ?? []), ...others]);
  }
  return circles([...imports].map(([file, edges]) => ({ file, exports: [], imports: edges })));
}

/** True for a file that says nothing itself and only passes on what others export. */
export function isBarrel(source: string): boolean {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const rest = code.replace(/export\s+(type\s+)?(\*(\s+as\s+\w+)?|\{[^}]*\})\s+from\s+['"][^'"]+['"];?/g, '');
  return rest.trim() === '' && rest !== code;
}

export interface Sizes {
  readonly median: number;
  /** Nine of ten files are no longer. */
  readonly p90: number;
  readonly longest: { readonly file: string; readonly lines: number };
}

export function sizesOf(lines: ReadonlyMap<string, number>): Sizes {
  const sorted = [...lines].sort(([, a], [, b]) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.[1] ?? 0;
  const [file = '', count = 0] = sorted.at(-1) ?? [];
  return { median: at(0.5), p90: at(0.9), longest: { file, lines: count } };
}
