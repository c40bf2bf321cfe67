import { z } from 'zod';
import type { ApprovalDetail } from '../task/approval-schema.ts';
import { isGlob } from '../tools/tool-grammar.ts';
import { allowsCommand, commandPatternProblem, concernsCommand, mayConcernCommand } from './rules-command.ts';
import { coversFiles, isMeant, leadsOut, looksAt, opensCommand } from './rules-files.ts';
import { type Places, toolUseOf } from './tool-request.ts';

const what = z.enum(['command', 'read', 'write', 'web_search', 'markdown_processing', 'debugging_tools']);
const about =
  'command, read or write (with a pattern), web_search, markdown_processing, debugging_tools, or mcp:NAME for all tools of an MCP server.';
const subject = (does: string): typeof subjectSchema => subjectSchema.describe(`${does}: ${about}`);
const subjectSchema = z.union([what, z.templateLiteral(['mcp:', z.string().min(1).max(100)])]);
const pattern = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .describe(
    'For command: the words of the command; a trailing " *" allows more arguments ("npm test *"). For read and write: a path in the folder, with * and ** ("src/**").',
  )
  .optional();

/** For editors, in the words of JSON schema: what takes a pattern, and what needs one; `problemOf` says the same. */
function patternOf(verdict: string, needed: boolean): Record<string, unknown> {
  const scoped = { enum: ['command', 'read', 'write'] };
  const takesNone = { if: { properties: { [verdict]: scoped } }, else: { properties: { pattern: false } } };
  const takesOne = { if: { properties: { [verdict]: { not: scoped } } }, else: { required: ['pattern'] } };
  return { allOf: needed ? [takesNone, takesOne] : [takesNone] };
}

/** One rule of `config.json`: what is allowed, denied or always asked. */
export const permissionRuleSchema = z
  .union([
    z.strictObject({ allow: subject('What agents may do without asking'), pattern }).meta(patternOf('allow', true)),
    z.strictObject({ deny: subject('What agents may not do'), pattern }).meta(patternOf('deny', false)),
    z.strictObject({ ask: subject('What agents always have to ask about'), pattern }).meta(patternOf('ask', false)),
  ])
  .check((context) => {
    const problem = problemOf(context.value);
    if (problem !== undefined) context.issues.push({ code: 'custom', message: problem, input: context.value });
  });

export type PermissionRule = z.infer<typeof permissionRuleSchema>;
type Subject = z.infer<typeof subjectSchema>;
type Verdict = 'allow' | 'deny' | 'ask';

/** Inputs of a command that change nothing about what it runs. */
const knownInputs = new Set(['command', 'description', 'timeout', 'explanation']);
const kinds = new Set(['read', 'search', 'edit', 'fetch', 'execute']);

/**
 * What the rules say of a request; undefined where they say nothing. Denying goes before asking, asking before allowing,
 * whatever their order is.
 */
export function ruleOf(
  rules: readonly PermissionRule[],
  detail: ApprovalDetail,
  places: Places,
): { verdict: Verdict; rule: PermissionRule } | undefined {
  for (const verdict of ['deny', 'ask', 'allow'] as const) {
    const rule = rules.find((one) => verdictOf(one) === verdict && applies(one, detail, places));
    if (rule === undefined) continue;
    return verdict === 'allow' && isBarred(rules, detail, places) ? undefined : { verdict, rule };
  }
  return undefined;
}

/** True when what a rule allows would also be, look at or change something that another rule denies or asks about. */
function isBarred(rules: readonly PermissionRule[], detail: ApprovalDetail, places: Places): boolean {
  const use = toolUseOf(detail);
  return rules.some((rule) => {
    const about = subjectOf(rule);
    if (verdictOf(rule) === 'allow') return false;
    if (about === 'command' && use.category === 'code_execution') {
      return rule.pattern !== undefined && mayConcernCommand(rule.pattern, use.words ?? []);
    }
    if (about !== 'read' && about !== 'write') return false;
    if (use.category === 'file_operations') return use.access === about && isMeant(rule.pattern, places, true);
    const looked = use.category === 'code_execution' ? looksAt(use.words ?? [], about, places) : undefined;
    return looked !== undefined && isMeant(rule.pattern, looked, true);
  });
}

/** A rule as it is named in logs and records: `allow command "npm test *"`. */
export function nameOfRule(rule: PermissionRule): string {
  const { pattern: text } = rule;
  return `${verdictOf(rule)} ${subjectOf(rule)}${text === undefined ? '' : ` "${text}"`}`;
}

/** A rule as a sentence, for a person who is to agree with it. */
export function describeRule(rule: PermissionRule): string {
  const begin = { allow: 'Always allow', deny: 'Never allow', ask: 'Always ask about' }[verdictOf(rule)];
  return `${begin} ${objectOf(rule)}.`;
}

function objectOf(rule: PermissionRule): string {
  const { pattern: text } = rule;
  const about = subjectOf(rule);
  switch (about) {
    case 'command': {
      if (text === undefined) return 'any command';
      if (!text.endsWith(' *')) return `exactly the command "${text}"`;
      const more = verdictOf(rule) === 'allow' ? 'further arguments that stay in the folder' : 'any further arguments';
      return `the command "${text.slice(0, -2)}", also with ${more}`;
    }
    case 'read':
    case 'write': {
      const what = about === 'read' ? 'reading' : 'creating and changing';
      if (text === undefined) return `${what} any file`;
      return /[*?]|\/$/.test(text) ? `${what} files that match "${text}"` : `${what} the file "${text}"`;
    }
    case 'web_search':
      return 'searching and reading the web, any page of it';
    case 'markdown_processing':
      return 'tools for Markdown';
    case 'debugging_tools':
      return 'debuggers and diagnostics';
    default:
      return `every tool of the MCP server "${about.slice('mcp:'.length)}"`;
  }
}

export function verdictOf(rule: PermissionRule): Verdict {
  return 'allow' in rule ? 'allow' : 'deny' in rule ? 'deny' : 'ask';
}

function subjectOf(rule: PermissionRule): Subject {
  return 'allow' in rule ? rule.allow : 'deny' in rule ? rule.deny : rule.ask;
}

function applies(rule: PermissionRule, detail: ApprovalDetail, places: Places): boolean {
  const allows = verdictOf(rule) === 'allow';
  const about = subjectOf(rule);
  const known = toolUseOf(detail);
  const use = !allows && known.category === 'unknown' ? (known.perhaps ?? known) : known;
  if (allows && use.category !== 'mcp' && !kinds.has(detail.toolKind ?? '')) return false;
  if (about === 'command') {
    if (use.category !== 'code_execution') return false;
    if (rule.pattern === undefined) return !allows;
    if (use.words === undefined) return false;
    return allows
      ? isWhole(detail) && allowsCommand(rule.pattern, use.words) && opensCommand(places)
      : concernsCommand(rule.pattern, use.words);
  }
  if (about === 'read' || about === 'write') {
    if (use.category !== 'file_operations' || use.access !== about) return false;
    return allows
      ? coversFiles(rule.pattern, about, places) && !leadsOut(detail)
      : rule.pattern === undefined || isMeant(rule.pattern, places);
  }
  return use.category === 'mcp' ? about.toLowerCase() === `mcp:${use.server}` : use.category === about;
}

/** True when the request says all of the command: words that it only has in a title may not be what is run. */
export function isWhole({ input }: ApprovalDetail): boolean {
  if (typeof input !== 'object' || input === null || !('command' in input)) return false;
  if (typeof input.command !== 'string' && !Array.isArray(input.command)) return false;
  return Object.keys(input).every((key) => knownInputs.has(key));
}

function problemOf(rule: PermissionRule): string | undefined {
  const [about, text] = [subjectOf(rule), rule.pattern];
  const allows = verdictOf(rule) === 'allow';
  if (about === 'command' || about === 'read' || about === 'write') {
    if (text === undefined) return allows ? `a rule that allows ${about} needs a pattern` : undefined;
    if (about !== 'command') return isGlob(text) ? undefined : `"${text}" is no pattern of files in the folder`;
    const problem = commandPatternProblem(text);
    return problem === undefined || (!allows && !problem.startsWith('is not')) ? undefined : `"${text}" ${problem}`;
  }
  return text === undefined ? undefined : `a rule about ${about} takes no pattern`;
}
