import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { nextStepsSchema } from '../../core/next-step-schema.ts';
import { takeSteps } from '../../core/steps.ts';
import { deadPresences, livingWorkers } from '../../runtime/liveness/presence.ts';
import { interruptedTasks, recoverInterrupted } from '../../runtime/recovery/interrupted.ts';
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
    restore: z.boolean().optional().describe('Bring back tasks from the copy in the git folder.'),
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
    what: `Settings are left out: ${what}`,
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
      what: `#${task.number} "${task.title}" says that a worker has it, but that worker is gone.`,
      advice: 'It is noted as interrupted, and can be started again.',
      fix: async () => void (await recoverInterrupted(store, context.agents, context.logger)),
    });
  }
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

/** Folders of deleted tasks. They may contain someone's only copy: nothing is removed here. */
async function checkWorktrees({ store }: WithStore): Promise<Finding[]> {
  const folder = join(store.folder, '.systemprompt', 'worktrees');
  const names = await readdir(folder).catch(() => [] as string[]);
  const known = new Set((await store.archive.names()).map(({ number }) => number));
  const findings: Finding[] = [];
  for (const name of names) {
    const number = Number(/^(\d+)-/.exec(name)?.[1]);
    if (Number.isNaN(number) || known.has(number) || store.view.byNumber(number) !== undefined) continue;
    findings.push({
      code: 'worktree-orphan',
      what: `${join(folder, name)} is the worktree of a deleted task.`,
      advice: `Look whether it holds work that you want, then: git worktree remove "${join(folder, name)}"`,
    });
  }
  return findings;
}
