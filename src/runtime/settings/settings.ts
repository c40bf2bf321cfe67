import { join } from 'node:path';
import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import { nameOfRule, type PermissionRule, verdictOf } from '../../core/policy/rule.ts';
import { visible } from '../../core/text/visible.ts';
import { type Environment, machineFolder } from '../../store/machine-folder.ts';
import { confirmedParts, digestsOf, type Parts, updateConfirmed } from './confirmations.ts';
import { editorSettingsFile, withEditorSettings } from './editor-settings.ts';
import { readSettingsFile, type SettingsReading } from './read-settings.ts';
import type { SettingsFile } from './settings-schema.ts';
import { mergedSettings, narrowedSettings, wideningSettings } from './widening.ts';

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
  readonly plan?: SettingsFile['plan'];
  readonly prompt?: SettingsFile['prompt'];
  /** The database of the tasks. Default: the files of the folder. */
  readonly store?: SettingsFile['store'];
  /** Of the machine, and of the workspace once a person has confirmed them. */
  readonly hooks?: SettingsFile['hooks'];
  /** Of each limit the lower one of machine and workspace. */
  readonly budget?: SettingsFile['budget'];
  /** Of the machine and of the workspace; allow rules of the workspace apply only after a person has confirmed them. */
  readonly rules?: readonly PermissionRule[];
  /** Names of unconfirmed agents of the workspace, whose commands do not run. */
  readonly unconfirmed: readonly string[];
  /** The commands of these agents, by name, for a person to read before the confirmation. */
  readonly unconfirmedCommands?: Readonly<Record<string, string>>;
  /** Rules of the workspace's file that allow actions without asking, once a person has confirmed them. */
  readonly unconfirmedRules?: readonly string[];
  /** Unconfirmed settings of the workspace's file that permit more. */
  readonly unconfirmedSettings?: readonly string[];
  /** Digests of the unconfirmed parts: confirming one fails after the file has changed. */
  readonly unconfirmedDigests?: Partial<Parts<string | undefined>>;
  /** The faults of the files, each as a sentence. A value with a fault is left out. */
  readonly problems: readonly string[];
  /** The problems that may hide a limit or a rule that denies. */
  readonly unread?: readonly string[];
}

export function workspaceSettingsFile(folder: string): string {
  return join(folder, '.systemprompt', 'config.json');
}

export function machineSettingsFile(env: Environment = process.env): string {
  return join(machineFolder(env), 'config.json');
}

/**
 * Reads the files of the machine, with the settings of the editor, and of the workspace. Settings of the workspace narrow those of the machine at once; settings that make more happen take
 * effect after a person on this machine confirmed them, and again after each change.
 */
export async function loadSettings(folder: string, env: Environment = process.env): Promise<Settings> {
  const own = withEditorSettings(
    await readSettingsFile(machineSettingsFile(env), { follows: true }),
    await readSettingsFile(editorSettingsFile(env), { follows: true }),
  );
  const machine = own.settings;
  const { reading, confirmed } = await readWorkspace(folder, env);
  const workspace = reading.settings;
  const problems = [...own.problems, ...reading.problems];
  const digests = digestsOf(workspace);
  const shared = workspace.agents ?? {};
  const rules = workspace.rules ?? [];
  const setup = workspace.worktrees?.setup;
  const allowing = rules.filter((rule) => verdictOf(rule) === 'allow');
  // The folder may ask for more approvals than the machine at once, and for fewer after a confirmation.
  const policy = confirmed.rules || workspace.policy === 'ask' ? (workspace.policy ?? machine.policy) : machine.policy;
  if (!confirmed.rules && (allowing.length > 0 || workspace.policy === 'standard')) {
    problems.push(`${workspaceSettingsFile(folder)}: its permissions apply only after a confirmation.`);
  }
  const inForce = (confirmed.settings ? mergedSettings : narrowedSettings)(machine, withoutSetup(workspace));
  const widening = confirmed.settings ? [] : wideningSettings(machine, withoutSetup(workspace));
  if (widening.length > 0) {
    const names = widening.map((each) => each.replace(/:.*/s, '')).join(', ');
    problems.push(`${workspaceSettingsFile(folder)}: ${names} take effect after you confirm them.`);
  }
  return {
    agents: { ...machine.agents, ...(confirmed.agents ? shared : {}) },
    ...inForce,
    // A set-up command is confirmed with the agents: it is a command, too.
    worktrees: {
      ...inForce.worktrees,
      setup: confirmed.agents ? (setup ?? machine.worktrees?.setup) : machine.worktrees?.setup,
    },
    budget: lowerBudget(machine.budget, workspace.budget),
    rules: [
      ...(machine.rules ?? []),
      ...rules.filter((rule) => confirmed.rules || !allowing.includes(rule)),
      ...(policy === 'standard' ? (await import('../../core/policy/standard-rules.ts')).standardRules : []),
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
      ...(widening.length === 0 ? {} : { settings: digests.settings }),
    },
    unconfirmedSettings: widening.map(visible),
    problems,
    unread: [...own.unread, ...reading.unread],
  };
}

/** The settings without the set-up command of worktrees. */
function withoutSetup(file: SettingsFile): SettingsFile {
  if (file.worktrees?.setup === undefined) return file;
  const { setup: _, ...worktrees } = file.worktrees;
  return { ...file, worktrees };
}

/** A folder may lower the limits of the machine, and not raise them. */
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
 * Records that a person on this machine confirms the parts with these digests.
 *
 * @throws TaskError `ChangedSinceShown` if the file has changed since, because the person has not seen its present
 * content
 */
export async function confirmWorkspace(
  folder: string,
  shown: readonly string[],
  env: Environment = process.env,
): Promise<void> {
  const file = workspaceSettingsFile(folder);
  const { agents, rules, settings } = digestsOf((await readSettingsFile(file)).settings);
  const now = [agents, rules, settings].filter((digest) => digest !== undefined);
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

/** The commands of agents as the file has them, with their environment. */
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
 * The workspace's settings, and whether they are confirmed. Remembering a rule changes the file first and its
 * confirmation second, so that a file that looks unconfirmed is read twice.
 */
async function readWorkspace(
  folder: string,
  env: Environment,
): Promise<{ reading: SettingsReading; confirmed: Parts<boolean> }> {
  const file = workspaceSettingsFile(folder);
  for (let before: string | undefined; ; ) {
    const reading = await readSettingsFile(file);
    const confirmed = await confirmedParts(folder, reading.settings, env);
    const now = JSON.stringify(reading.settings);
    if (Object.values(confirmed).every(Boolean) || now === before) return { reading, confirmed };
    before = now;
  }
}
