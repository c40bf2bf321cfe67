import type { ApprovalDetail } from '../task/approval-schema.ts';
import { type PermissionRule, subjectOf, type Verdict, verdictOf } from './rule.ts';
import { allowsCommand, concernsCommand, mayConcernCommand } from './rules-command.ts';
import { coversFiles, isMeant, leadsOut, looksAt, opensCommand } from './rules-files.ts';
import { standardCovers } from './standard-rules.ts';
import { type Places, toolUseOf } from './tool-request.ts';

/** Inputs of a command without influence on the executed program. */
const knownInputs = new Set(['command', 'description', 'timeout', 'explanation']);
const kinds = new Set(['read', 'search', 'edit', 'fetch', 'execute']);

/**
 * The rule that answers a request; undefined if none matches. Deny takes precedence over ask, and ask over allow,
 * regardless of the order of the rules.
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

/** True if an allowed request would also run, show or change something that another rule denies or asks about. */
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
      ? coversFiles(rule.pattern, about, places) && standardCovers(rule, places) && !leadsOut(detail)
      : rule.pattern === undefined || isMeant(rule.pattern, places);
  }
  return use.category === 'mcp' ? about.toLowerCase() === `mcp:${use.server}` : use.category === about;
}

/**
 * True if the input contains the whole command. A command that appears only in the title may differ from the executed
 * one.
 */
export function isWhole({ input }: ApprovalDetail): boolean {
  if (typeof input !== 'object' || input === null || !('command' in input)) return false;
  if (typeof input.command !== 'string' && !Array.isArray(input.command)) return false;
  return Object.keys(input).every((key) => knownInputs.has(key));
}
