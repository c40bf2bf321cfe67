import { basename } from 'node:path';
import { z } from 'zod';
import { nextStepsSchema } from '../../core/next-step-schema.ts';
import { takeSteps } from '../../core/steps.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { silentSince } from '../../core/task/silent.ts';
import { deadPresences, livingWorkers } from '../../runtime/liveness/presence.ts';
import { interruptedTasks } from '../../runtime/recovery/abandoned.ts';
import { recoverInterrupted } from '../../runtime/recovery/interrupted.ts';
import { foldersIn } from '../../runtime/worktrees/list.ts';
import { worktreeRoots } from '../../runtime/worktrees/place.ts';
import type { Finding } from '../../store/maintenance.ts';
import type { WithAgents, WithLogger, WithSettings, WithStore } from '../context.ts';
import { defineOperation, stoppedSchema } from '../operation.ts';

const findingSchema = z.object({
  code: z.string(),
  what: z.string(),
  advice: z.string(),
  next: nextStepsSchema,
  /** Whether --fix repairs it. */
  fixable: z.boolean(),
  fixed: z.boolean(),
  /** Why the repair failed. */
  problem: z.string().optional(),
});

/** Checks the files of the store, the settings and the workers, and repairs problems that need no decision. */
export const doctor = defineOperation('doctor', {
  input: z.strictObject({
    fix: z.boolean().optional().describe('Repair problems that need no decision.'),
    restore: z.boolean().optional().describe('Bring back tasks from the copy outside of the folder.'),
  }),
  output: z.object({
    healthy: z.boolean(),
    findings: z.array(findingSchema),
    /** Numbers of the tasks that were restored from the copy. */
    restored: z.array(z.number()),
    /** Later findings are neither repaired nor in the list. */
    stopped: stoppedSchema,
  }),
  positional: [],
  hasSteps: true,
  async run(
    context: WithStore & WithSettings & WithAgents & WithLogger,
    { fix = false, restore = false },
    options = {},
  ) {
    await context.store.refresh();
    const restored = restore ? ((await context.store.maintenance?.restoreCopy()) ?? []) : [];
    const found = [...(await checkRuns(context)), ...((await context.store.maintenance?.check()) ?? [])];
    const findings: z.output<typeof findingSchema>[] = [];
    const stopped = await takeSteps(found, options, {
      message: ({ what }) => what,
      take: async (finding) => void findings.push(await treated(finding, fix)),
    });
    return { healthy: stopped === null && findings.every(({ fixed }) => fixed), findings, restored, stopped };
  },
});

async function treated(
  { code, what, advice, next = [], fix }: Finding,
  repair: boolean,
): Promise<z.output<typeof findingSchema>> {
  const finding = { code, what, advice, next, fixable: fix !== undefined, fixed: false };
  if (!repair || fix === undefined) return finding;
  try {
    await fix();
    return { ...finding, fixed: true };
  } catch (error) {
    return { ...finding, problem: (error as Error).message };
  }
}

/** Problems found at opening, settings, workers, and the tasks that they held. */
async function checkRuns(context: WithStore & WithSettings & WithAgents & WithLogger): Promise<Finding[]> {
  const { store, settings } = context;
  const findings: Finding[] = settings.problems.map((what) => ({
    code: 'settings',
    what: `Settings are ignored: ${what}`,
    advice: 'Correct this file.',
  }));
  for (const what of store.problems) {
    findings.push({
      code: 'file-not-understood',
      what,
      advice: 'If a file was put into quarantine, the reason is beside it: correct the file and move it back.',
    });
  }
  for (const task of interruptedTasks(store.view, Date.now())) {
    findings.push({
      code: 'lease-of-dead-worker',
      what: `#${task.number} "${task.title}" is leased to a worker that has ended.`,
      advice: 'It is noted as interrupted, and can be started again.',
      fix: async () => void (await recoverInterrupted(store, context.agents, context.logger)),
    });
  }
  findings.push(...(await checkSilent(context)));
  const dead = await deadPresences(store.coordination);
  if (dead.length > 0) {
    findings.push({
      code: 'presence-of-dead-worker',
      what: `${dead.length} ${dead.length === 1 ? 'worker' : 'workers'} crashed: ${dead.join(', ')}.`,
      advice: 'Their files are cleared away.',
      fix: async () => void (await livingWorkers(store.coordination)),
    });
  }
  return [...findings, ...(await checkWorktrees(context))];
}

/** Tasks that a program left in progress without a lease. A worker recovers them on its own. */
async function checkSilent({ store, agents, logger }: WithStore & WithAgents & WithLogger): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { id, number, title } of store.view.byStatus('in_progress')) {
    const loggedAt = (await store.getLogs(id, { limit: 1 })).entries.at(-1)?.timestamp;
    const isForgotten = (task: TaskRecord): boolean =>
      task.id === id && silentSince(task, Date.parse(loggedAt ?? task.updated_at), Date.now()) !== undefined;
    const task = store.view.byId(id);
    if (task === undefined || !isForgotten(task)) continue;
    findings.push({
      code: 'task-without-program',
      what: `#${number} "${title}" is in progress, but its program has neither changed nor logged anything for a minute.`,
      advice: 'It is paused as interrupted, and can be started again.',
      fix: async () => void (await recoverInterrupted(store, agents, logger, { isForgotten })),
    });
  }
  return findings;
}

/** Folders of deleted tasks. They may contain the only copy of some work, so nothing is removed here. */
async function checkWorktrees({ store, settings }: WithStore & WithSettings): Promise<Finding[]> {
  const roots = await worktreeRoots(store.folder, settings, store.view.all());
  const folders = (await Promise.all(roots.map(foldersIn))).flat();
  const known = new Set((await store.archive.names()).map(({ number }) => number));
  const findings: Finding[] = [];
  for (const folder of folders) {
    const number = Number(/^(\d+)-/.exec(basename(folder))?.[1]);
    if (Number.isNaN(number) || known.has(number) || store.view.byNumber(number) !== undefined) continue;
    findings.push({
      code: 'worktree-orphan',
      what: `${folder} is the worktree of a deleted task.`,
      advice: `Look whether it holds work that you want, then: git worktree remove "${folder}"`,
    });
  }
  return findings;
}
