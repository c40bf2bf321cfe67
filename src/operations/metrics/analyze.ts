import { z } from 'zod';
import { bottleneckKinds, bottlenecksOf, usualWork } from '../../core/metrics/bottlenecks.ts';
import { perMinute } from '../../core/metrics/spend.ts';
import { timesOf } from '../../core/metrics/times.ts';
import { ToolTally } from '../../core/metrics/tools.ts';
import { usageSchema } from '../../core/task/schema.ts';
import type { WithStore } from '../context.ts';
import { defineOperation } from '../operation.ts';
import { resolveAnywhere, taskReference } from '../task/references.ts';

const CHUNK = 10_000;

const timesSchema = z.object({
  /**
   * Milliseconds in which an agent worked; from its making to its end; before it began; paused; with an open request.
   */
  work: z.number(),
  elapsed: z.number(),
  pending: z.number(),
  paused: z.number(),
  asking: z.number(),
});

const runSchema = z.object({
  id: z.string(),
  agent: z.string(),
  started_at: z.string(),
  ended_at: z.string().nullable(),
  outcome: z.string().nullable(),
  error: z.string().nullable(),
  usage: usageSchema,
});

/** The time and the spend of a task, and its delays. */
export const taskAnalyze = defineOperation('task.analyze', {
  input: z.strictObject({ task: taskReference }),
  output: z.object({
    id: z.string(),
    number: z.number().int(),
    title: z.string(),
    status: z.string(),
    times: timesSchema,
    /** A missing number is unknown. */
    usage: usageSchema,
    /** Null when tokens or work are not known. */
    tokens_per_minute: z.number().nullable(),
    requests: z.object({ asked: z.number().int(), approved: z.number().int(), rejected: z.number().int() }),
    warnings: z.number().int(),
    errors: z.number().int(),
    tools: z.array(
      z.object({ tool: z.string(), calls: z.number().int(), failed: z.number().int(), duration_ms: z.number() }),
    ),
    executions: z.array(runSchema),
    /** Delays of the task, and delays that it causes. */
    issues: z.array(z.object({ kind: z.enum(bottleneckKinds), issue: z.string(), minutes: z.number() })),
  }),
  positional: ['task'],
  hasSteps: true,
  async run(context: WithStore, input, options) {
    const { store } = context;
    const task = await resolveAnywhere(context, input.task);
    const now = Date.now();
    const tally = new ToolTally();
    // A page at a time: a log of any length is counted in the same memory.
    for (let after = 0; ; ) {
      options?.signal?.throwIfAborted();
      const { entries, next } = await store.getLogs(task.id, { after, limit: CHUNK });
      for (const entry of entries) tally.add(entry);
      if (next === after) break;
      after = next;
    }
    const times = timesOf(task, now);
    const decided = (status: string): number => task.approvals.filter((each) => each.status === status).length;
    return {
      id: task.id,
      number: task.number,
      title: task.title,
      status: task.status,
      times: { ...times },
      usage: task.usage ?? {},
      tokens_per_minute: perMinute(task.usage?.total_tokens, times.work) ?? null,
      requests: { asked: task.approvals.length, approved: decided('approved'), rejected: decided('rejected') },
      ...tally.levels,
      tools: tally.calls,
      executions: task.executions.map(({ id, agent, started_at, ended_at, outcome, error, usage }) => ({
        id,
        agent,
        started_at,
        ended_at: ended_at ?? null,
        outcome: outcome ?? null,
        error: error ?? null,
        usage: usage ?? {},
      })),
      issues: bottlenecksOf(task, store.view, usualWork(store.view.all(), now), now).map(
        ({ kind, issue, minutes }) => ({
          kind,
          issue,
          minutes,
        }),
      ),
    };
  },
});
