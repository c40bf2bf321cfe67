import type { TaskPatch } from './lifecycle.ts';
import type { Execution, TaskRecord, Usage } from './schema.ts';

/** Changes the execution with this id only. */
export function patchExecution(task: TaskRecord, id: string, change: Partial<Execution>): Execution[] {
  return task.executions.map((execution) => (execution.id === id ? { ...execution, ...change } : execution));
}

/** Sets the spend of an execution so far. The task's spend is the sum of its executions. */
export function setUsage(task: TaskRecord, executionId: string, usage: Usage): TaskPatch {
  const executions = patchExecution(task, executionId, { usage });
  return { executions, usage: sumUsage(executions.map((execution) => execution.usage ?? {})) };
}

/** The spend of all executions of a session; undefined if the session is not of this task. */
export function spentInSession(task: TaskRecord, sessionId: string): Usage | undefined {
  const own = task.executions.filter(({ session_id }) => session_id === sessionId);
  return own.length === 0 ? undefined : sumUsage(own.map(({ usage }) => usage ?? {}));
}

/**
 * The spend of an execution that ended without its final count: by what the agent's own record has of the whole session,
 * without the other executions of that session. It is a lower bound: a call that was cut off is in no record.
 */
export function recoverSpend(task: TaskRecord, executionId: string, session: Usage | undefined): TaskPatch {
  const execution = task.executions.find(({ id }) => id === executionId);
  if (execution?.session_id === undefined || execution.resumable === false) return {};
  const others = spentInSession(
    { ...task, executions: task.executions.filter(({ id }) => id !== executionId) },
    execution.session_id,
  );
  const usage: Usage = { ...execution.usage, estimated: true };
  for (const key of recovered) {
    const own = session?.[key] === undefined ? undefined : session[key] - (others?.[key] ?? 0);
    if (own === undefined || own <= (usage[key] ?? 0)) continue;
    usage[key] = own;
    if (key === 'cost_usd' && session?.cost_estimated === true) usage.cost_estimated = true;
  }
  return setUsage(task, executionId, usage);
}

const recovered = ['input_tokens', 'output_tokens', 'total_tokens', 'cost_usd'] as const;
const summed = ['input_tokens', 'output_tokens', 'total_tokens', 'cost_usd', 'iterations'] as const;

/** Adds up the known values; unreported ones stay unknown. The context size is the latest value, not a sum. */
export function sumUsage(parts: readonly Usage[]): Usage {
  const sum: Usage = {};
  for (const part of parts) {
    const before = { ...sum };
    Object.assign(sum, part);
    for (const key of summed) {
      const known = [before[key], part[key]].filter((n) => n !== undefined);
      if (known.length > 0) sum[key] = known.reduce((a, b) => a + b, 0);
    }
  }
  return sum;
}
