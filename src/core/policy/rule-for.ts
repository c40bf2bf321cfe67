import type { ApprovalDetail } from '../task/approval-schema.ts';
import { isGlob } from '../tools/tool-grammar.ts';
import { isProjectSetup } from './project-setup.ts';
import { nameOfRule, type PermissionRule } from './rule.ts';
import { type Pattern, patternForCommand } from './rule-for-command.ts';
import { isWhole, ruleOf } from './rule-verdict.ts';
import { describeRule, permissionRuleSchema } from './rules.ts';
import { isGuarded } from './rules-files.ts';
import { type Places, toolUseOf } from './tool-request.ts';
import type { ToolUse } from './tool-use.ts';

/**
 * The rule that "always allow" writes for a request, with a description to confirm and an optional warning; or the
 * reason why there is no rule.
 */
export type RuleChoice =
  | { readonly rule: PermissionRule; readonly text: string; readonly warning?: string | undefined }
  | { readonly rule?: undefined; readonly reason: string };

/** Kinds of files that often set up programs: a rule names the one file. */
const settings = /\.(json|jsonc|ya?ml|toml|xml|ini|cfg|conf|lock|properties)$/i;

/**
 * The narrowest useful rule that allows a request next time: a harmless command with further harmless arguments, any
 * other command exactly as written, files of that type in that folder, or else the category.
 *
 * @param places the real paths of the request's files (`placesOf`)
 * @param rules the current rules: a deny or ask rule takes precedence over a new one
 */
export function ruleFor(detail: ApprovalDetail, places: Places, rules: readonly PermissionRule[] = []): RuleChoice {
  if (detail.redacted === true) {
    return { reason: 'A part of it is redacted, so that a rule would allow content that no person has seen.' };
  }
  const made = ruleOfUse(toolUseOf(detail), detail, places);
  if (made.reason !== undefined) return made;
  const { warning, ...written } = made;
  const parsed = permissionRuleSchema.safeParse(written);
  if (!parsed.success) return { reason: `It cannot be written as a rule: ${parsed.error.issues[0]?.message}.` };
  const rule = parsed.data;
  const found = ruleOf([...rules, rule], detail, places);
  if (found?.verdict === 'allow') {
    return { rule, text: describeRule(rule), ...(warning === undefined ? {} : { warning }) };
  }
  if (found === undefined)
    return { reason: 'The request does not say enough for a rule, or it shows a file that no rule opens.' };
  return { reason: `The rule ${nameOfRule(found.rule)} goes before one that allows it.` };
}

type Made = { readonly reason: string } | { readonly reason?: undefined; readonly warning?: string | undefined };

function ruleOfUse(use: ToolUse, detail: ApprovalDetail, places: Places): Made {
  switch (use.category) {
    case 'code_execution':
      return withPattern('command', commandPattern(use.words, detail));
    case 'file_operations':
      if (detail.toolKind === 'delete' || detail.toolKind === 'move') {
        return { reason: 'Removing and moving files cannot be undone, so that it is asked each time.' };
      }
      return withPattern(use.access, filePattern(use.access, places));
    case 'mcp':
      return allow(`mcp:${use.server}`);
    case 'none':
      return { reason: 'It uses no tool that a rule could allow.' };
    case 'unknown':
      return { reason: 'The agent does not describe the effect of the tool.' };
    default:
      return allow(use.category);
  }
}

function allow(subject: string): Made {
  return { allow: subject } as Made;
}

function withPattern(subject: string, made: Pattern): Made {
  return made.pattern === undefined ? made : ({ allow: subject, ...made } as Made);
}

function commandPattern(words: readonly string[] | undefined, detail: ApprovalDetail): Pattern {
  if (words === undefined) {
    return {
      reason:
        'It is not one simple command: operators, substitutions, redirections, variables, patterns and several lines are asked each time.',
    };
  }
  if (!isWhole(detail))
    return { reason: 'The request has other inputs than a command, so that the same words may do something else.' };
  return patternForCommand(words);
}

function filePattern(access: 'read' | 'write', places: Places): Pattern {
  const inside = places.filter((place) => place !== undefined).map((place) => (place === './' ? '' : place));
  const [first, second] = inside;
  if (inside.length < places.length) return { reason: 'It names a file outside of the folder of the task.' };
  if (first === undefined) return { reason: 'It names no files.' };
  const guarded = inside.find((place) => isGuarded(place, access));
  if (guarded !== undefined) return { reason: `"${guarded}" holds secrets, or belongs to git or to the tasks.` };
  if (access === 'read' && inside.includes('')) return asPattern('**');
  const starter = access === 'write' ? inside.find(isProjectSetup) : undefined;
  if (starter !== undefined)
    return { reason: `"${starter}" decides what other programs do, or is no source that a diff shows.` };
  const folder = commonFolder(inside);
  const extension = extensionOf(inside);
  const one =
    second === undefined && (folder === '' || (access === 'write' && (extension === '' || settings.test(first))));
  if (one) return asPattern(/[*?]/.test(first) ? undefined : first);
  if (folder === '') return { reason: 'Its files are in several folders.' };
  if (/[*?]/.test(folder)) return asPattern(undefined);
  if (access === 'read') return asPattern(`${folder}/**`);
  if (extension === '' || inside.some((place) => settings.test(place))) {
    return { reason: 'Its files are of several kinds, or settings.' };
  }
  return asPattern(`${folder}/**/*${extension}`);
}

function asPattern(glob: string | undefined): Pattern {
  if (glob === undefined || !isGlob(glob)) {
    return { reason: 'The names of its files have characters with another meaning in a rule.' };
  }
  return { pattern: glob };
}

function commonFolder(places: readonly string[]): string {
  const folders = places.map((place) => place.split('/').slice(0, -1));
  const [first = []] = folders;
  const differs = first.findIndex((part, at) => folders.some((folder) => folder[at] !== part));
  return (differs < 0 ? first : first.slice(0, differs)).join('/');
}

/** `.ts` if all files have it; empty if they differ or have none. */
function extensionOf(places: readonly string[]): string {
  const [first, ...others] = new Set(places.map((place) => /[^/](\.[A-Za-z0-9_]+)$/.exec(place)?.[1] ?? ''));
  return first === undefined || others.length > 0 ? '' : first;
}
