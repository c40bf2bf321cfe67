import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { nameOfRule, type PermissionRule } from '../../core/policy/rule.ts';
import { type RuleChoice, ruleFor } from '../../core/policy/rule-for.ts';
import type { Places } from '../../core/policy/tool-request.ts';
import type { Approval, ApprovalDetail } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { placesOf, workFolderOf } from '../../runtime/approvals/places.ts';
import { rememberRules } from '../../runtime/approvals/remember-rules.ts';
import { shownPlaces } from '../../runtime/approvals/shown-places.ts';
import { loadSettings } from '../../runtime/settings/settings.ts';
import type { WithStore, WithTrust } from '../context.ts';
import { resolveAnywhere } from '../task/references.ts';
import { type Remembered, requestsOf, type Which } from './decide.ts';
import { requestDigest, requireShown } from './request-digest.ts';

/** The rule that remembering a request would write, or the reason for the lack of a rule. */
export async function ruleForRequest(
  context: WithStore & WithTrust,
  task: TaskRecord,
  { kind, detail = {} }: Approval,
): Promise<RuleChoice> {
  if (!context.trusted()) return { reason: 'In a restricted folder nothing is allowed for later.' };
  if (kind !== 'tool') return { reason: 'A rule can allow only tool requests of an agent.' };
  const { folder } = context.store;
  const { rules } = await loadSettings(folder);
  return ruleFor(detail, await allPlacesOf(workFolderOf(folder, task), detail), rules);
}

/** The places that a request names, and the secret files that it exposes without naming them. */
export async function allPlacesOf(cwd: string, detail: ApprovalDetail): Promise<Places> {
  const places = await placesOf(cwd, detail);
  return [...places, ...(await shownPlaces(cwd, detail, places))];
}

/**
 * Writes the rules for the named requests, all or none, and returns them by the ids of the requests.
 *
 * @param shown names the displayed request and rule
 * @throws TaskError `NoSafeRule` with the reason, `ChangedSinceShown`, `ApprovalNotFound`, `AmbiguousTask`, and the
 * errors of `rememberRules`
 */
export async function rememberedRules(
  context: WithStore & WithTrust,
  which: Which,
  shown: string | undefined,
): Promise<Map<string, Remembered>> {
  const task = await resolveAnywhere(context, which.task);
  const chosen = new Map<string, Remembered & { readonly rule: PermissionRule }>();
  for (const request of requestsOf(task, which)) {
    const choice = await ruleForRequest(context, task, request);
    if (choice.rule === undefined) {
      throw new TaskError('NoSafeRule', `No rule is written for request ${request.number}: ${choice.reason}`, {
        next: [textStep('Approve it without remembering; it will be asked again.')],
      });
    }
    const { rule } = choice;
    requireShown(task, request, shown, requestDigest(task, request, rule));
    chosen.set(request.id, { rule, name: nameOfRule(rule), request: requestDigest(task, request) });
  }
  const rules = [...chosen.values()].map(({ rule }) => rule);
  await rememberRules(context.store.folder, rules);
  return chosen;
}
