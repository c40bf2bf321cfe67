import type { Plan } from '../plan/plan.ts';

/** Kinds of suggestions from code. */
export const suggestionKinds = [
  'notes',
  'hotspots',
  'long-files',
  'long-functions',
  'missing-tests',
  'duplicates',
  'dead-links',
  'dependencies',
] as const;

/** Kinds that are found without being named. `dependencies` asks a registry in the network. */
export const usualKinds = suggestionKinds.filter((kind) => kind !== 'dependencies');

export type SuggestionKind = (typeof suggestionKinds)[number];

/** Kinds of all suggestions: `diagnostics` come from an editor. */
export const anySuggestionKinds = [...suggestionKinds, 'diagnostics'] as const;

/** A task that the state of the code suggests. */
export interface CodeSuggestion {
  readonly kind: (typeof anySuggestionKinds)[number];
  /** Stays the same in later analyses. */
  readonly key: string;
  /** 0 to 1: confidence that the task is worth doing. */
  readonly score: number;
  readonly title: string;
  readonly description: string;
  /** Paths relative to the analysed folder. */
  readonly files: readonly string[];
  /** Lines that the task is about, for the estimate. */
  readonly lines: number;
}

/** A file of the analysed folder. */
export interface CodeFile {
  readonly path: string;
  readonly lines: number;
  /** Commits of the last year that changed it. */
  readonly commits: number;
}

/** A line with TODO, FIXME, HACK or XXX. */
export interface CodeNote {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export function priorityLevel(score: number): 'critical' | 'high' | 'medium' | 'low' {
  if (score >= 0.95) return 'critical';
  if (score >= 0.8) return 'high';
  return score >= 0.6 ? 'medium' : 'low';
}

/** Limits that fit the size of the work: reading costs tokens in proportion to the lines. */
export function estimatedConstraints(lines: number): { max_tokens: number; max_duration_minutes: number } {
  const tokens = Math.min(100_000, Math.max(10_000, 5_000 + lines * 40));
  return {
    max_tokens: Math.ceil(tokens / 1_000) * 1_000,
    max_duration_minutes: Math.min(120, Math.max(20, Math.ceil(lines / 20))),
  };
}

/** The best suggestions first; equal ones by key. */
export function ranked(suggestions: readonly CodeSuggestion[]): CodeSuggestion[] {
  return [...suggestions].sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1));
}

/** A plan of suggestions. Analysing the folder again updates its tasks. */
export function suggestionPlan(suggestions: readonly CodeSuggestion[], folder: string): Plan {
  return {
    source: { tool: 'code-analysis', file: `code:${folder}` },
    items: suggestions.map(({ key, kind, score, title, description, lines }) => ({
      key,
      kind: 'work' as const,
      title,
      description,
      priority: priorityLevel(score),
      labels: [kind],
      constraints: estimatedConstraints(lines),
      source: { id: key },
    })),
  };
}

const code =
  /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|kts|scala|rb|php|cs|fs|swift|m|mm|c|cc|cpp|cxx|h|hpp|lua|ex|exs|erl|hs|clj|dart|vue|svelte|sh|pl|r|jl|zig)$/i;
const generated =
  /(?:^|\/)(?:node_modules|vendor|third_party|dist|build|out|target|generated|fixtures|__snapshots__)\/|\.min\.|\.generated\.|[._]pb\.|\.d\.ts$/i;
const test =
  /(?:^|\/)(?:tests?|__tests__|specs?)\/|(?:^|\/)test_[^/]*$|[._-](?:test|spec|tests)\.[^/]*$|Tests?\.[a-z]+$/;

/** True for source code that people maintain. */
export function isCode(path: string): boolean {
  return code.test(path) && !generated.test(path);
}

export function isTest(path: string): boolean {
  return test.test(path);
}
