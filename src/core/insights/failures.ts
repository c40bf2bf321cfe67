import { type NextStep, operationStep, textStep } from '../next-step.ts';
import type { Execution, TaskRecord } from '../task/schema.ts';
import { sanitizeLine } from '../text/sanitize.ts';
import { grouped, type Insight, latestTasks, MIN_REPEATS } from './insight.ts';

interface Failure {
  readonly task: number;
  readonly code: string;
  /** The command of the failed check. */
  readonly check?: string;
}

const SHOWN = 5;
const CHECK_CHARS = 200;

/** The most frequent reasons for failed attempts: error codes, and for checks each command. At most 5. */
export function failureInsights(tasks: Iterable<TaskRecord>): Insight[] {
  const attempts = [...tasks]
    .filter(({ kind }) => kind === 'work')
    .flatMap(({ number, executions }) => executions.map((execution) => ({ number, execution })))
    .filter(({ execution: { outcome } }) => outcome === 'completed' || outcome === 'failed');
  const failures = attempts.flatMap(({ number, execution }) => failuresOf(number, execution));
  const reasons = [...grouped(failures, ({ code, check }) => JSON.stringify([code, check])).values()];
  return reasons
    .filter((group) => group.length >= MIN_REPEATS)
    .map((group) => insightOf(group, attempts.length))
    .sort((a, b) => b.evidence.supporting - a.evidence.supporting || (a.subject < b.subject ? -1 : 1))
    .slice(0, SHOWN);
}

function failuresOf(task: number, { outcome, error_code: code, checks = [] }: Execution): Failure[] {
  if (outcome !== 'failed' || code === undefined) return [];
  const failed = code === 'CheckFailed' ? checks.filter(({ passed }) => !passed) : [];
  if (failed.length === 0) return [{ task, code }];
  return [...new Set(failed.map(({ command }) => command))].map((check) => ({ task, code, check }));
}

function insightOf(group: readonly Failure[], cases: number): Insight {
  const { code = '', check } = group[0] ?? {};
  const name = sanitizeLine(code);
  const command = check === undefined ? undefined : sanitizeLine(check).slice(0, CHECK_CHARS);
  const tasks = latestTasks(group.map(({ task }) => task));
  const reason = command === undefined ? `failed with ${name}` : `failed because the check "${command}" failed`;
  return {
    kind: 'failures',
    subject: command === undefined ? name : `${name}: ${command}`,
    message: `${group.length} of ${cases} attempts ${reason}.`,
    evidence: { cases, supporting: group.length, tasks },
    next: stepFor(code, command, tasks),
  };
}

function stepFor(code: string, check: string | undefined, tasks: readonly number[]): NextStep {
  if (check !== undefined) return textStep(`Add to the instructions that the agent runs "${check}" before it ends.`);
  if (code === 'AgentUnavailable' || code === 'AgentNotFound' || code === 'ModelUnavailable') {
    return operationStep('See which agents are installed', 'agents');
  }
  if (code === 'RateLimited') return textStep('Lower "worker.maxParallel" in config.json.');
  return operationStep('Analyze the latest of these tasks', 'task.analyze', { task: tasks.at(-1) });
}
