import { z } from 'zod';
import { isGlob } from '../tools/tool-grammar.ts';
import { type PermissionRule, subjectOf, verdictOf } from './rule.ts';
import { commandPatternProblem } from './rules-command.ts';

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
    'For command: the whole command, or with " *" at its end for any further words ("npm test *"); a rule that allows takes " *" only for commands that are known to be harmless. For read and write: a path in the folder, with * and ** ("src/**").',
  )
  .optional();

/** The rules of `problemOf` in JSON Schema, for editors: which subjects take a pattern, and which need one. */
function patternOf(verdict: string, needed: boolean): Record<string, unknown> {
  const scoped = { enum: ['command', 'read', 'write'] };
  const takesNone = { if: { properties: { [verdict]: scoped } }, else: { properties: { pattern: false } } };
  const takesOne = { if: { properties: { [verdict]: { not: scoped } } }, else: { required: ['pattern'] } };
  return { allOf: needed ? [takesNone, takesOne] : [takesNone] };
}

/** One rule of `config.json`: it allows, denies or always asks. */
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

/** The description of a rule that a person confirms. */
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

function problemOf(rule: PermissionRule): string | undefined {
  const [about, text] = [subjectOf(rule), rule.pattern];
  const allows = verdictOf(rule) === 'allow';
  if (about === 'command' || about === 'read' || about === 'write') {
    if (text === undefined) return allows ? `a rule that allows ${about} needs a pattern` : undefined;
    if (about !== 'command') return isGlob(text) ? undefined : `"${text}" is not a pattern of files in the folder`;
    const problem = commandPatternProblem(text);
    return problem === undefined || (!allows && !problem.startsWith('is not')) ? undefined : `"${text}" ${problem}`;
  }
  return text === undefined ? undefined : `a rule about ${about} takes no pattern`;
}
