import type { FinishedTask } from '../assess/outcomes.ts';
import { operationStep } from '../next-step.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { grouped, type Insight, latestTasks, MIN_CASES } from './insight.ts';

/** The record of one agent with one type of work. */
interface AgentRecord {
  readonly agent: string;
  readonly total: number;
  readonly completed: number;
  readonly failed: readonly number[];
}

/** Agents that failed most of their tasks of a type, if another agent has a better record with it. */
export function agentInsights(finished: Iterable<FinishedTask>): Insight[] {
  const insights: Insight[] = [];
  // The result of a script depends on the script, not on the shell.
  const ofAgents = [...finished].filter(({ outcome }) => outcome.agent !== 'SHELL');
  for (const [type, tasks] of grouped(ofAgents, ({ outcome }) => outcome.type)) {
    const records = [...grouped(tasks, ({ outcome }) => outcome.agent)].map(([agent, own]) => recordOf(agent, own));
    const known = records.filter(({ total }) => total >= MIN_CASES);
    const [best] = known.sort((a, b) => rateOf(b) - rateOf(a) || b.total - a.total || (a.agent < b.agent ? -1 : 1));
    if (best === undefined || rateOf(best) <= 0.5) continue;
    for (const one of known) {
      if (rateOf(one) >= 0.5) continue;
      const [name, better] = [sanitizeLine(one.agent), sanitizeLine(best.agent)];
      insights.push({
        kind: 'agents',
        subject: `type ${type}, ${name}`,
        message: `${name} failed ${one.failed.length} of ${one.total} tasks of type ${type}; ${better} completed ${best.completed} of ${best.total}.`,
        evidence: { cases: one.total, supporting: one.failed.length, tasks: latestTasks(one.failed) },
        next: operationStep(`Assign the next one to ${better}`, 'task.create', { assignedTo: best.agent }, ['title']),
      });
    }
  }
  return insights;
}

function recordOf(agent: string, own: readonly FinishedTask[]): AgentRecord {
  const failed = own.filter(({ outcome }) => !outcome.succeeded).map(({ task }) => task.number);
  return { agent, total: own.length, completed: own.length - failed.length, failed };
}

function rateOf({ completed, total }: AgentRecord): number {
  return completed / total;
}
