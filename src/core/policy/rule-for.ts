import type { ApprovalDetail } from '../task/approval-schema.ts';
import { isGlob } from '../tools/tool-grammar.ts';
import { type Pattern, patternForCommand } from './rule-for-command.ts';
import { describeRule, isWhole, nameOfRule, type PermissionRule, permissionRuleSchema, ruleOf } from './rules.ts';
import { isGuarded } from './rules-files.ts';
import { type Places, toolUseOf } from './tool-request.ts';
import type { ToolUse } from './tool-use.ts';

/** The rule that "always allow" writes for a request, with the sentence that a person agrees with; or why there is none. */
export type RuleChoice =
  | { readonly rule: PermissionRule; readonly text: string }
  | { readonly rule?: undefined; readonly reason: string };

/** Files that say what other programs run: an agent that may always change one may always run anything. */
const startsPrograms =
  /^(package\.json|makefile|gnumakefile|justfile|dockerfile|jenkinsfile|rakefile|gemfile|procfile|build\.rs|setup\.py|conftest\.py|cargo\.toml|pyproject\.toml|pom\.xml|build\.gradle.*|.*\.config\.[cm]?[jt]s|.*\.(sh|bash|zsh|fish|bat|cmd|ps1|exe))$/;
/** Kinds of files among which such ones are: a rule is about the one file. */
const settings = /\.(json|jsonc|ya?ml|toml|xml|ini|cfg|conf|lock|properties)$/i;

/**
 * The narrowest sensible rule that allows a request the next time it comes: a command that looks or checks with further
 * harmless words, any other safe command as it stands, files of that kind in that folder, else the category.
 *
 * @param places the request's files as they really are (`placesOf`)
 * @param rules those that count already: one that denies or asks goes before a new one
 */
export function ruleFor(detail: ApprovalDetail, places: Places, rules: readonly PermissionRule[] = []): RuleChoice {
  const made = ruleOfUse(toolUseOf(detail), detail, places);
  if ('reason' in made) return made;
  const parsed = permissionRuleSchema.safeParse(made);
  if (!parsed.success) return { reason: `It cannot be written as a rule: ${parsed.error.issues[0]?.message}.` };
  const rule = parsed.data;
  const found = ruleOf([...rules, rule], detail, places);
  if (found?.verdict === 'allow') return { rule, text: describeRule(rule) };
  if (found === undefined) return { reason: 'What the agent says of it is not enough for a rule.' };
  return { reason: `The rule ${nameOfRule(found.rule)} goes before one that allows it.` };
}

function ruleOfUse(use: ToolUse, detail: ApprovalDetail, places: Places): object | { readonly reason: string } {
  switch (use.category) {
    case 'code_execution':
      return withPattern('command', commandPattern(use.words, detail));
    case 'file_operations':
      if (detail.toolKind === 'delete' || detail.toolKind === 'move') {
        return { reason: 'Removing and moving files is asked each time.' };
      }
      return withPattern(use.access, filePattern(use.access, places));
    case 'mcp':
      return { allow: `mcp:${use.server}` };
    case 'none':
      return { reason: 'It is no tool that could be allowed or withheld.' };
    case 'unknown':
      return { reason: 'The agent does not say what the tool does.' };
    default:
      return { allow: use.category };
  }
}

function withPattern(subject: string, made: Pattern): object {
  return 'reason' in made ? made : { allow: subject, pattern: made.pattern };
}

function commandPattern(words: readonly string[] | undefined, detail: ApprovalDetail): Pattern {
  if (words === undefined) {
    return {
      reason:
        'It is not one simple command: operators, substitutions, redirections, variables, patterns and several lines are asked each time.',
    };
  }
  if (!isWhole(detail))
    return { reason: 'The request says more than a command, or less, so that the same words may do another thing.' };
  return patternForCommand(words);
}

function filePattern(access: 'read' | 'write', places: Places): Pattern {
  const inside = places.filter((place) => place !== undefined).map((place) => (place === './' ? '' : place));
  const [first, second] = inside;
  if (inside.length < places.length) return { reason: 'It is about a file outside of the folder of the task.' };
  if (first === undefined) return { reason: 'It does not say which files it is about.' };
  const guarded = inside.find((place) => isGuarded(place, access));
  if (guarded !== undefined) return { reason: `"${guarded}" holds secrets, or belongs to git or to the tasks.` };
  if (access === 'read' && inside.includes('')) return asPattern('**');
  const starter = access === 'write' ? inside.find(startsSomething) : undefined;
  if (starter !== undefined) return { reason: `"${starter}" sets up what other programs do.` };
  const folder = commonFolder(inside);
  const extension = extensionOf(inside);
  const one =
    second === undefined && (folder === '' || (access === 'write' && (extension === '' || settings.test(first))));
  if (one) return asPattern(/[*?]/.test(first) ? undefined : first);
  if (folder === '') return { reason: 'It is about files of several folders.' };
  if (/[*?]/.test(folder)) return asPattern(undefined);
  if (access === 'read') return asPattern(`${folder}/**`);
  if (extension === '' || inside.some((place) => settings.test(place))) {
    return { reason: 'It is about files of several kinds, or about settings.' };
  }
  return asPattern(`${folder}/**/*${extension}`);
}

function asPattern(glob: string | undefined): Pattern {
  if (glob === undefined || !isGlob(glob)) {
    return { reason: 'Its files have characters in their names that mean something else in a rule.' };
  }
  return { pattern: glob };
}

/** Hidden files and folders are settings of tools, some of which run what these say. */
function startsSomething(place: string): boolean {
  const parts = place.toLowerCase().split('/');
  return parts.some((part) => part.startsWith('.')) || startsPrograms.test(parts.at(-1) ?? '');
}

function commonFolder(places: readonly string[]): string {
  const folders = places.map((place) => place.split('/').slice(0, -1));
  const [first = []] = folders;
  const differs = first.findIndex((part, at) => folders.some((folder) => folder[at] !== part));
  return (differs < 0 ? first : first.slice(0, differs)).join('/');
}

/** `.ts` when all have it; empty when they differ or have none. */
function extensionOf(places: readonly string[]): string {
  const [first, ...others] = new Set(places.map((place) => /[^/](\.[A-Za-z0-9_]+)$/.exec(place)?.[1] ?? ''));
  return first === undefined || others.length > 0 ? '' : first;
}
