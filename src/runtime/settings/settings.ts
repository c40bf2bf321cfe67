import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import type { DayLimits } from '../../core/policy/day-budget.ts';
import { builtInRecovery } from '../../core/policy/recovery.ts';
import { nameOfRule, type PermissionRule, verdictOf } from '../../core/policy/rules.ts';
import { standardRules } from '../../core/policy/standard-rules.ts';
import { visible } from '../../core/text/visible.ts';
import { type Environment, machineFolder } from '../../store/machine-folder.ts';
import { confirmedParts, digestsOf, type Parts, updateConfirmed } from './confirmations.ts';
import { type SettingsFile, settingsSchema } from './settings-schema.ts';

export interface Settings {
  /** Agents that may be used: of the machine, and of the workspace once a person has confirmed them. */
  readonly agents: Readonly<Record<string, unknown>>;
  readonly worker: NonNullable<SettingsFile['worker']>;
  readonly isolation?: SettingsFile['isolation'];
  readonly worktrees?: SettingsFile['worktrees'];
  readonly checkpoints?: SettingsFile['checkpoints'];
  readonly recovery?: SettingsFile['recovery'];
  readonly onDependencyFailed?: SettingsFile['onDependencyFailed'];
  readonly logs?: SettingsFile['logs'];
  readonly archive?: SettingsFile['archive'];
  /** Of each limit the lower one of machine and workspace. */
  readonly budget?: SettingsFile['budget'];
  /** Of the machine and of the workspace; what the workspace allows counts only once a person has confirmed it. */
  readonly rules?: readonly PermissionRule[];
  /** Names of the workspace's agents that nobody on this machine has confirmed: their commands are not run. */
  readonly unconfirmed: readonly string[];
  /** What these agents would run, by name, for a person to read before they confirm it. */
  readonly unconfirmedCommands?: Readonly<Record<string, string>>;
  /** What the workspace's file would allow without asking, once a person has confirmed it. */
  readonly unconfirmedRules?: readonly string[];
  /** What names each part that is not confirmed just as it was read: confirming it is refused once it is another. */
  readonly unconfirmedDigests?: { readonly agents?: string | undefined; readonly rules?: string | undefined };
  /** What is wrong with the files, in words; such a file is left out. */
  readonly problems: readonly string[];
  /** Those of the problems because of which a file is left out. */
  readonly unread?: readonly string[];
}

export function workspaceSettingsFile(folder: string): string {
  return join(folder, '.systemprompt', 'config.json');
}

export function machineSettingsFile(env: Environment = process.env): string {
  return join(machineFolder(env), 'config.json');
}

/** Reads both files; the workspace's settings win, its agents only once they are confirmed. */
export async function loadSettings(folder: string, env: Environment = process.env): Promise<Settings> {
  const problems: string[] = [];
  const machine = await readSettings(machineSettingsFile(env), problems);
  const { workspace, confirmed, wrong } = await readWorkspace(folder, env);
  problems.push(...wrong);
  const unread = [...problems];
  const digests = digestsOf(workspace);
  const shared = workspace.agents ?? {};
  const rules = workspace.rules ?? [];
  const setup = workspace.worktrees?.setup;
  const allowing = rules.filter((rule) => verdictOf(rule) === 'allow');
  // What came with the folder may ask more than the machine does, and less once a person has seen it.
  const policy = confirmed.rules || workspace.policy === 'ask' ? (workspace.policy ?? machine.policy) : machine.policy;
  if (!confirmed.rules && (allowing.length > 0 || workspace.policy === 'standard')) {
    problems.push(`${workspaceSettingsFile(folder)}: what it allows counts only once it is confirmed.`);
  }
  return {
    agents: { ...machine.agents, ...(confirmed.agents ? shared : {}) },
    worker: { ...machine.worker, ...workspace.worker },
    isolation: workspace.isolation ?? machine.isolation,
    worktrees: {
      ...machine.worktrees,
      ...workspace.worktrees,
      setup: confirmed.agents ? (setup ?? machine.worktrees?.setup) : machine.worktrees?.setup,
    },
    checkpoints: { ...machine.checkpoints, ...workspace.checkpoints },
    recovery: recoveryOf(machine.recovery, workspace.recovery),
    onDependencyFailed: workspace.onDependencyFailed ?? machine.onDependencyFailed,
    logs: { ...machine.logs, ...workspace.logs },
    archive: { ...machine.archive, ...workspace.archive },
    budget: lowerBudget(machine.budget, workspace.budget),
    rules: [
      ...(machine.rules ?? []),
      ...rules.filter((rule) => confirmed.rules || !allowing.includes(rule)),
      ...(policy === 'standard' ? standardRules : []),
    ],
    unconfirmed: confirmed.agents ? [] : Object.keys(commandsOf(shared, setup)),
    unconfirmedCommands: confirmed.agents ? {} : commandsOf(shared, setup),
    unconfirmedRules: confirmed.rules
      ? []
      : [
          ...(workspace.policy === 'standard' ? ['policy "standard"'] : []),
          ...allowing.map((rule) => visible(nameOfRule(rule))),
        ],
    unconfirmedDigests: {
      ...(confirmed.agents ? {} : { agents: digests.agents }),
      ...(confirmed.rules ? {} : { rules: digests.rules }),
    },
    problems,
    unread,
  };
}

/** What came with a folder may run things again and ask a person, and not raise what a person allows to be spent. */
function recoveryOf(machine: SettingsFile['recovery'], workspace: SettingsFile['recovery']): SettingsFile['recovery'] {
  const shared = Object.entries(workspace ?? {}).filter(([code, given]) => {
    const rule = given === true ? builtInRecovery[code] : given;
    return rule !== undefined && rule.action !== 'raise_budget';
  });
  return { ...Object.fromEntries(shared), ...machine };
}

/** The day's limits of the settings, by kind. */
export function dayLimitsOf(perDay: NonNullable<NonNullable<SettingsFile['budget']>['perDay']>): DayLimits {
  const { tokens, costUsd: cost, minutes, iterations } = perDay;
  return { tokens, cost, minutes, iterations };
}

/** What came with a folder may lower what a person allows on their machine, and not raise it. */
function lowerBudget(machine: SettingsFile['budget'], workspace: SettingsFile['budget']): SettingsFile['budget'] {
  const [own, shared] = [machine?.perDay, workspace?.perDay];
  if (own === undefined || shared === undefined) return shared === undefined ? machine : workspace;
  const lower = (key: 'tokens' | 'costUsd' | 'minutes' | 'iterations'): { [key: string]: number } => {
    const known = [own[key], shared[key]].filter((limit) => limit !== undefined);
    return known.length === 0 ? {} : { [key]: Math.min(...known) };
  };
  return { perDay: { ...lower('tokens'), ...lower('costUsd'), ...lower('minutes'), ...lower('iterations') } };
}

/**
 * Notes that a person on this machine has seen what these digests name and wants it to count: agents, rules, or both.
 *
 * @throws TaskError `ChangedSinceShown` when the file says something else by now: nobody has seen that
 */
export async function confirmWorkspace(
  folder: string,
  shown: readonly string[],
  env: Environment = process.env,
): Promise<void> {
  const file = workspaceSettingsFile(folder);
  const { agents, rules } = digestsOf(await readSettings(file, []));
  const now = [agents, rules].filter((digest) => digest !== undefined);
  if (shown.length === 0 || !shown.every((digest) => now.includes(digest))) {
    throw new TaskError('ChangedSinceShown', `${file} has changed since it was shown. Nothing was confirmed.`, {
      next: [operationStep('Review it again', 'agents')],
      details: { unconfirmed: file },
    });
  }
  await updateConfirmed(
    folder,
    (known) => now.filter((digest) => known.includes(digest) || shown.includes(digest)),
    env,
  );
}

/** The commands of agents as they stand in the file, with the environment that they would get. */
function commandsOf(agents: Record<string, unknown>, setup: string | undefined): Record<string, string> {
  const shape = z.looseObject({ command: z.string(), args: z.array(z.string()).optional(), env: z.unknown() });
  const commands = Object.fromEntries(
    Object.entries(agents).map(([name, value]) => {
      const parsed = shape.partial({ env: true }).safeParse(value);
      if (!parsed.success) return [name, visible(JSON.stringify(value))];
      const { command, args = [], env } = parsed.data;
      const words = [command, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word)));
      return [name, visible(`${words.join(' ')}${env === undefined ? '' : ` with ${JSON.stringify(env)}`}`)];
    }),
  );
  return setup === undefined ? commands : { ...commands, 'worktrees.setup': visible(setup) };
}

/**
 * The workspace's settings, and whether they are confirmed. A rule that is remembered changes the file and then what is
 * confirmed: who reads the one before and the other after would take what was confirmed all the time for something new.
 */
async function readWorkspace(
  folder: string,
  env: Environment,
): Promise<{ workspace: SettingsFile; confirmed: Parts<boolean>; wrong: string[] }> {
  const file = workspaceSettingsFile(folder);
  for (let before: string | undefined; ; ) {
    const wrong: string[] = [];
    const workspace = await readSettings(file, wrong);
    const confirmed = await confirmedParts(folder, workspace, env);
    const now = JSON.stringify(workspace);
    if ((confirmed.agents && confirmed.rules) || now === before) return { workspace, confirmed, wrong };
    before = now;
  }
}

async function readSettings(file: string, problems: string[]): Promise<SettingsFile> {
  try {
    const value = await readJson(file);
    if (value === undefined) return {};
    const parsed = settingsSchema.safeParse(value);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    problems.push(`${file}: ${issue?.path.join('.')}: ${issue?.message}`);
  } catch (error) {
    problems.push(`${file}: ${(error as Error).message}`);
  }
  return {};
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  return JSON.parse(text);
}
