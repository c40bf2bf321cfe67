import { type NextStep, operationStep, textStep } from '../next-step.ts';
import { nameOfRule, type PermissionRule, subjectOf } from '../policy/rule.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { grouped, type Insight, latestTasks, MIN_CASES } from './insight.ts';

/** A tool request for which a safe rule exists that no current rule already covers. */
export interface RuledRequest {
  /** Number of the task. */
  readonly task: number;
  /** Number of the request within the task. */
  readonly request: number;
  readonly status: 'approved' | 'rejected' | 'pending';
  /** The rule that remembering the request would write. */
  readonly rule: PermissionRule;
}

const APPROVED_SHARE = 0.8;

/** Rules for requests that people nearly always approve. Requests with the same rule are of one kind. */
export function approvalInsights(requests: Iterable<RuledRequest>): Insight[] {
  const insights: Insight[] = [];
  for (const [name, group] of grouped(requests, ({ rule }) => nameOfRule(rule))) {
    const decided = group.filter(({ status }) => status !== 'pending');
    const approved = decided.filter(({ status }) => status === 'approved');
    const [first] = approved;
    if (first === undefined || decided.length < MIN_CASES) continue;
    if (approved.length < APPROVED_SHARE * decided.length) continue;
    insights.push({
      kind: 'approvals',
      subject: name,
      message: `You approved ${approved.length} of ${decided.length} requests ${requestsFor(first.rule)}.`,
      evidence: {
        cases: decided.length,
        supporting: approved.length,
        tasks: latestTasks(approved.map(({ task }) => task)),
      },
      next: stepFor(
        first.rule,
        group.find(({ status }) => status === 'pending'),
      ),
    });
  }
  return insights;
}

function requestsFor(rule: PermissionRule): string {
  const pattern = rule.pattern === undefined ? undefined : `"${sanitizeLine(rule.pattern)}"`;
  const subject = subjectOf(rule);
  if (subject === 'command') return `to run ${pattern}`;
  if (subject === 'read' || subject === 'write') return `to ${subject} ${pattern ?? 'files'}`;
  return `to use ${sanitizeLine(subject)}`;
}

/** Remembering a pending request writes the rule; without one a person writes it. */
function stepFor(rule: PermissionRule, pending: RuledRequest | undefined): NextStep {
  if (pending !== undefined) {
    const { task, request } = pending;
    return operationStep('Approve the pending request and remember it', 'task.approve', {
      task,
      request,
      remember: true,
    });
  }
  return textStep(`Add this rule to "rules" in .systemprompt/config.json: ${JSON.stringify(rule)}`);
}
