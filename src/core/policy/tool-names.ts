import type { ToolUse } from './tool-use.ts';

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));
const runs = setOf('bash shell exec execute execution terminal command cmd powershell stdin python interpreter eval');
const web = setOf('web fetch browse url http webfetch websearch');
const writes = setOf('write edit multiedit patch delete remove move rename replace create insert undo');
const reads = setOf('read grep glob search find list ls view');
/** Parts of the names of such tools without a meaning. */
const others = setOf(
  'tool file files many multi apply str editor directory directories dir folder path text string content contents notebook notebookedit image google run output by name in code codebase',
);
const known = new Set([...runs, ...web, ...writes, ...reads, ...others]);

/** Thinking, a list of things to do, a plan, the mode: whole names only, because a server may be called so. */
const idle =
  /^(todo|todo_?(write|read|list)|(write|read|update|manage)_?todos?(_?list)?|(update_?)?plan|task|agent|think(ing)?|((exit|enter)_?)?plan_?(mode|exit|enter)|switch_?mode)$/i;

/** Words in names that promise an unknown effect. */
const sounds: readonly (readonly [RegExp, ToolUse])[] = [
  [/web|fetch|browse|url|http/, { category: 'web_search' }],
  [/bash|shell|exec|terminal|command|powershell/, { category: 'code_execution', words: undefined }],
  [/write|edit|patch|delete|remove|move|rename|replace|create/, { category: 'file_operations', access: 'write' }],
  [/read|grep|glob|search|find|list|view/, { category: 'file_operations', access: 'read' }],
];

/**
 * The use that the name of a tool describes. Every word must be known: servers choose names freely, and a tool with one
 * known word in its name may have any effect.
 */
export function useOfName(name: string): ToolUse {
  if (idle.test(name)) return { category: 'none' };
  const words = (name.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? []).map((word) => word.toLowerCase());
  const has = (some: ReadonlySet<string>): boolean => words.some((word) => some.has(word));
  const plain = /^[\w .:-]+$/.test(name);
  if (plain && !has(runs)) {
    if (words[0] === 'markdown') return { category: 'markdown_processing' };
    if (/^(debug|debugger|diagnostics?|breakpoints?|lint)$/.test(words[0] ?? ''))
      return { category: 'debugging_tools' };
  }
  if (plain && words.every((word) => known.has(word))) {
    if (has(runs)) return { category: 'code_execution', words: undefined };
    if (has(web)) return { category: 'web_search' };
    if (has(writes)) return { category: 'file_operations', access: 'write' };
    if (has(reads)) return { category: 'file_operations', access: 'read' };
  }
  const perhaps = sounds.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1];
  return perhaps === undefined ? { category: 'unknown' } : { category: 'unknown', perhaps };
}
