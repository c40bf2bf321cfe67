import { builtInRecovery } from '../../core/policy/recovery-rule.ts';
import { type PermissionRule, verdictOf } from '../../core/policy/rule.ts';
import { MAX_PARALLEL } from './defaults.ts';
import type { SettingsFile } from './settings-schema.ts';

/** The settings by which a folder can make more happen than a person on this machine decided. */
const guarded = [
  'worker',
  'isolation',
  'worktrees',
  'checkpoints',
  'recovery',
  'onDependencyFailed',
  'logs',
  'archive',
  'plan',
  'store',
  'prompt',
  'hooks',
] as const;

export type Guarded = Pick<SettingsFile, (typeof guarded)[number]>;

/** Guarded settings in force. */
type InForce = Guarded & { readonly worker: NonNullable<SettingsFile['worker']> };

/** The guarded part of a settings file, without keys that are not set. */
export function guardedOf(file: SettingsFile): Guarded {
  return Object.fromEntries(guarded.filter((key) => file[key] !== undefined).map((key) => [key, file[key]]));
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
    plan: { ...machine.plan, ...workspace.plan },
    // The name of the machine's settings belongs to their address.
    store: workspace.store?.url === undefined ? { ...machine.store, ...workspace.store } : workspace.store,
    prompt: { ...machine.prompt, ...workspace.prompt },
    ...hooksOf(machine.hooks, workspace.hooks),
  };
}

/** The hooks of both files, those of the machine first. */
function hooksOf(machine: SettingsFile['hooks'] = [], workspace: SettingsFile['hooks'] = []): Pick<Guarded, 'hooks'> {
  const hooks = [...machine, ...workspace];
  return hooks.length === 0 ? {} : { hooks };
}

/** The part of a folder's value that counts before a confirmation; undefined if all of it waits. */
type Narrow = (value: never, machine: SettingsFile) => unknown;

const waits: Narrow = () => undefined;
const only =
  (word: string): Narrow =>
  (value: string) =>
    value === word ? value : undefined;
/** A limit that never rises above that of the machine, confirmed or not. */
const lowers: Narrow = (value: number) => value;

/** Every setting, with the part of it that makes less happen and so needs no confirmation. */
export const narrowing: Readonly<Record<string, Narrow>> = {
  agents: waits,
  'worker.maxParallel': (value: number, { worker }) =>
    value < (worker?.maxParallel ?? MAX_PARALLEL) ? value : undefined,
  'worker.maxPerAgent': lowerPerAgent,
  'worker.sessionIdleMinutes': waits,
  'worker.rateLimit': waits,
  'worker.agentTools': (value: boolean) => (value ? undefined : value),
  isolation: only('worktree'),
  'worktrees.quotaMb': waits,
  'worktrees.link': waits,
  'worktrees.copy': waits,
  'worktrees.submodules': waits,
  'worktrees.setup': waits,
  'worktrees.branchPrefix': waits,
  'worktrees.place': waits,
  'worktrees.remote': only('none'),
  'worktrees.onComplete': only('review'),
  'checkpoints.minutes': waits,
  'checkpoints.keep': waits,
  'logs.plainMegabytes': waits,
  'logs.maxMegabytes': waits,
  'logs.maxRunMegabytes': waits,
  'budget.perDay.tokens': lowers,
  'budget.perDay.costUsd': lowers,
  'budget.perDay.minutes': lowers,
  'budget.perDay.iterations': lowers,
  'archive.afterDays': waits,
  'plan.closeIssues': (value: boolean) => (value ? undefined : value),
  'plan.tickSource': (value: boolean) => (value ? undefined : value),
  'store.url': waits,
  'store.name': waits,
  'prompt.lessons': (value: boolean) => (value ? undefined : value),
  onDependencyFailed: only('block'),
  hooks: waits,
  recovery: waits,
  policy: only('ask'),
  rules: (rules: readonly PermissionRule[]) => rules.filter((rule) => verdictOf(rule) !== 'allow'),
};

/** The settings of the machine, with only those of the folder that make less happen: they need no confirmation. */
export function narrowedSettings(machine: SettingsFile, workspace: SettingsFile): InForce {
  const narrowed: Record<string, Record<string, unknown> | unknown> = {};
  for (const [path, narrow] of Object.entries(narrowing)) {
    const [section = '', key, more] = path.split('.');
    // Daily limits are lowered in any case.
    if (more !== undefined) continue;
    const given: unknown = workspace[section];
    const value = key === undefined ? given : (given as Record<string, unknown> | undefined)?.[key];
    const part = value === undefined ? undefined : narrow(value as never, machine);
    if (part === undefined) continue;
    narrowed[section] = key === undefined ? part : { ...(narrowed[section] as object | undefined), [key]: part };
  }
  return mergedSettings(machine, narrowed);
}

/** The folder's settings that make more happen and so wait for a confirmation: `worktrees.onComplete: "merge"`. */
export function wideningSettings(machine: SettingsFile, workspace: SettingsFile): string[] {
  const [merged, narrowed] = [mergedSettings(machine, workspace), narrowedSettings(machine, workspace)];
  return Object.entries(merged).flatMap(([key, value]) => {
    const without = narrowed[key as keyof Guarded];
    if (typeof value !== 'object' || value === null) return isSame(value, without) ? [] : [named(key, value)];
    const known = (without ?? {}) as Record<string, unknown>;
    return (
      Object.entries(value)
        // An unknown key is reported as such, and has no effect to confirm.
        .filter(([name]) => key in narrowing || `${key}.${name}` in narrowing)
        .filter(([name, part]) => !isSame(part, known[name]))
        .map(([name, part]) => named(`${key}.${name}`, part))
    );
  });
}

function named(key: string, value: unknown): string {
  return `${key}: ${JSON.stringify(value)}`;
}

function lowerPerAgent(limits: Readonly<Record<string, number>>, { worker }: SettingsFile): Record<string, number> {
  const known = worker?.maxPerAgent;
  const lower = Object.entries(limits).map(([agent, limit]) => [agent, Math.min(limit, known?.[agent] ?? limit)]);
  return { ...known, ...Object.fromEntries(lower) };
}

/** A folder may retry tasks and ask a person after an error. It cannot raise the limits of a person. */
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
