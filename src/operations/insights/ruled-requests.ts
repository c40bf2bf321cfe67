import type { RuledRequest } from '../../core/insights/approvals.ts';
import { type RuleChoice, ruleFor } from '../../core/policy/rule-for.ts';
import { ruleOf } from '../../core/policy/rule-verdict.ts';
import type { Approval, ApprovalDetail } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { workFolderOf } from '../../runtime/approvals/places.ts';
import { loadSettings } from '../../runtime/settings/settings.ts';
import { allPlacesOf } from '../approval/remember.ts';
import type { WithStore, WithTrust } from '../context.ts';

/** The latest requests of the tasks; each different one reads the file system. */
const LATEST = 500;

/**
 * The tool requests for which a safe rule exists that no current rule already covers. Empty in a restricted folder.
 */
export async function ruledRequests(
  { store: { folder }, trusted }: WithStore & WithTrust,
  tasks: readonly TaskRecord[],
): Promise<RuledRequest[]> {
  if (!trusted()) return [];
  const { rules = [] } = await loadSettings(folder);
  const choices = new Map<string, Promise<RuleChoice['rule']>>();
  const choose = async (cwd: string, detail: ApprovalDetail): Promise<RuleChoice['rule']> => {
    const places = await allPlacesOf(cwd, detail);
    const choice = ruleFor(detail, places, rules);
    // A warning is about an effect that nothing undoes: a person decides each time, or remembers it at the request.
    if (choice.rule === undefined || choice.warning !== undefined) return undefined;
    return ruleOf(rules, detail, places)?.verdict === 'allow' ? undefined : choice.rule;
  };
  const ruled: RuledRequest[] = [];
  for (const { task, approval, detail } of latestRequests(tasks)) {
    const { status, number: request } = approval;
    if (status === 'expired') continue;
    const cwd = workFolderOf(folder, task);
    const key = JSON.stringify([cwd, detail]);
    const choice = choices.get(key) ?? choose(cwd, detail);
    choices.set(key, choice);
    const rule = await choice;
    if (rule !== undefined) ruled.push({ task: task.number, request, status, rule });
  }
  return ruled;
}

interface Request {
  readonly task: TaskRecord;
  readonly approval: Approval;
  readonly detail: ApprovalDetail;
}

function latestRequests(tasks: readonly TaskRecord[]): Request[] {
  return tasks
    .flatMap((task) => task.approvals.map((approval) => ({ task, approval, detail: approval.detail ?? {} })))
    .filter(({ approval: { kind, status }, detail }) => kind === 'tool' && status !== 'expired' && !detail.redacted)
    .sort(
      (a, b) =>
        Date.parse(a.approval.requested_at) - Date.parse(b.approval.requested_at) ||
        a.task.number - b.task.number ||
        a.approval.number - b.approval.number,
    )
    .slice(-LATEST);
}
