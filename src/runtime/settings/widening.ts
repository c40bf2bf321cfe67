import { builtInRecovery } from '../../core/policy/recovery-rule.ts';
import { MAX_PARALLEL } from './defaults.ts';
import type { SettingsFile } from './settings-schema.ts';

/** The settings by which a folder can make more happen than a person on this machine decided. */
export type Guarded = Pick<
  SettingsFile,
  'worker' | 'isolation' | 'worktrees' | 'checkpoints' | 'recovery' | 'onDependencyFailed' | 'logs' | 'archive'
>;

/** Guarded settings in force. */
type InForce = Guarded & { readonly worker: NonNullable<SettingsFile['worker']> };

/** The guarded part of a settings file, without keys that are not set. */
export function guardedOf(file: SettingsFile): Guarded {
  const { worker, isolation, worktrees, checkpoints, recovery, onDependencyFailed, logs, archive } = file;
  const all = { worker, isolation, worktrees, checkpoints, recovery, onDependencyFailed, logs, archive };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/**
 * The settings of machine and folder together; the folder's win. It never raises a limit after an error automatically.
 */
export function mergedSettings(machine: SettingsFile, workspace: SettingsFile): InForce {
  return {
    worker: { ...machine.worker, ...workspace.worker },
    isolation: workspace.isolation ?? machine.isolation,
    worktrees: { ...machine.worktrees, ...workspace.worktrees },
    checkpoints: { ...machine.checkpoints, ...workspace.checkpoints },
    recovery: recoveryOf(machine.recovery, workspace.recovery),
    onDependencyFailed: workspace.onDependencyFailed ?? machine.onDependencyFailed,
    logs: { ...machine.logs, ...workspace.logs },
    archive: { ...machine.archive, ...workspace.archive },
  };
}

/** The settings of the machine, with only those of the folder that make less happen: they need no confirmation. */
export function narrowedSettings(machine: SettingsFile, workspace: SettingsFile): InForce {
  const { isolation, worktrees, onDependencyFailed } = workspace;
  return mergedSettings(machine, {
    worker: lowerWorker(machine.worker, workspace.worker),
    ...(isolation === 'worktree' ? { isolation } : {}),
    ...(worktrees?.onComplete === 'review' ? { worktrees: { onComplete: 'review' } } : {}),
    ...(onDependencyFailed === 'block' ? { onDependencyFailed } : {}),
  });
}

/** The folder's settings that make more happen and so wait for a confirmation: `worktrees.onComplete: "merge"`. */
export function wideningSettings(machine: SettingsFile, workspace: SettingsFile): string[] {
  const [merged, narrowed] = [mergedSettings(machine, workspace), narrowedSettings(machine, workspace)];
  return Object.entries(merged).flatMap(([key, value]) => {
    const without = narrowed[key as keyof Guarded];
    if (typeof value !== 'object' || value === null) return isSame(value, without) ? [] : [named(key, value)];
    const known = (without ?? {}) as Record<string, unknown>;
    return Object.entries(value)
      .filter(([name, part]) => !isSame(part, known[name]))
      .map(([name, part]) => named(`${key}.${name}`, part));
  });
}

function named(key: string, value: unknown): string {
  return `${key}: ${JSON.stringify(value)}`;
}

function lowerWorker(
  machine: SettingsFile['worker'] = {},
  workspace: SettingsFile['worker'] = {},
): NonNullable<SettingsFile['worker']> {
  const { maxParallel, maxPerAgent } = workspace;
  const most = machine.maxParallel ?? MAX_PARALLEL;
  const perAgent = Object.entries(maxPerAgent ?? {}).map(([agent, limit]) => {
    return [agent, Math.min(limit, machine.maxPerAgent?.[agent] ?? limit)];
  });
  return {
    ...(maxParallel === undefined || maxParallel >= most ? {} : { maxParallel }),
    ...(perAgent.length === 0 ? {} : { maxPerAgent: { ...machine.maxPerAgent, ...Object.fromEntries(perAgent) } }),
  };
}

/** A folder may retry tasks and ask a person after an error. It cannot raise what a person allows to be spent. */
function recoveryOf(machine: SettingsFile['recovery'], workspace: SettingsFile['recovery']): SettingsFile['recovery'] {
  const shared = Object.entries(workspace ?? {}).filter(([code, given]) => {
    const rule = given === true ? builtInRecovery[code] : given;
    return rule !== undefined && rule.action !== 'raise_budget';
  });
  if (shared.length === 0) return machine;
  return { ...Object.fromEntries(shared), ...machine };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
