import { createHash } from 'node:crypto';
import { type PermissionRule, verdictOf } from '../../core/policy/rule.ts';
import { coordinationOf } from '../../store/coordination.ts';
import type { Environment } from '../../store/machine-folder.ts';
import type { Coordination } from '../../store/ports.ts';
import { lockOwner } from './lock-owner.ts';
import type { SettingsFile } from './settings-schema.ts';
import { guardedOf } from './widening.ts';

/** The settings of a folder that take effect after a person on this machine confirmed them. */
interface ToConfirm {
  readonly agents?: Readonly<Record<string, unknown>> | undefined;
  readonly rules?: readonly PermissionRule[] | undefined;
  readonly policy?: 'ask' | 'standard' | undefined;
  /** The set-up command is confirmed together with the agents: both are commands that came with the folder. */
  readonly worktrees?: { readonly setup?: string | undefined } | undefined;
}

/** The parts of a settings file that a person confirms separately. */
export interface Parts<T> {
  readonly agents: T;
  readonly rules: T;
  /** Everything else by which the folder makes more happen, such as merging without a review. */
  readonly settings: T;
}

/** For each part, whether a person confirmed exactly this content, or it is empty. Each change needs a new confirmation. */
export async function confirmedParts(
  folder: string,
  settings: ToConfirm & SettingsFile,
  env: Environment,
): Promise<Parts<boolean>> {
  const { agents, rules, settings: others } = digestsOf(settings);
  if ([agents, rules, others].every((digest) => digest === undefined)) {
    return { agents: true, rules: true, settings: true };
  }
  const known = knownOf(await readConfirmations(coordinationOf(folder, env)), folder);
  const counts = (digest: string | undefined): boolean => digest === undefined || known.includes(digest);
  return { agents: counts(agents), rules: counts(rules), settings: counts(others) };
}

/** Changes the digests that are confirmed for a folder. */
export async function updateConfirmed(
  folder: string,
  change: (known: readonly string[]) => readonly string[],
  env: Environment,
): Promise<void> {
  const { confirmations } = coordinationOf(folder, env);
  await confirmations.exclusively(lockOwner, async () => {
    for (let replaced = false; !replaced; ) {
      const before = await confirmations.read();
      const all = parsed(before);
      const digests = [...new Set(change(knownOf(all, folder)))];
      replaced = await confirmations.replace(before, `${JSON.stringify({ ...all, [folder]: digests }, null, 2)}\n`);
    }
  });
}

/** A digest of each part; undefined for an empty one. */
export function digestsOf(file: ToConfirm & SettingsFile): Parts<string | undefined> {
  const { agents = {}, rules = [], policy, worktrees } = file;
  const allows = allowing(rules);
  const guarded = guardedOf(file);
  const setup = worktrees?.setup;
  const named = Object.keys(agents).length > 0 ? agents : undefined;
  const commands = setup === undefined ? named : { agents, setup };
  return {
    agents: commands === undefined ? undefined : digestOf('agents', commands),
    rules: allows.length === 0 && policy !== 'standard' ? undefined : digestOf('rules', [allows, policy ?? null]),
    settings: Object.keys(guarded).length === 0 ? undefined : digestOf('settings', guarded),
  };
}

/** The name of the part is in the digest, so that confirming one part never confirms another. */
function digestOf(part: keyof Parts<unknown>, value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([part, value]))
    .digest('hex');
}

function knownOf(all: Record<string, unknown>, folder: string): string[] {
  const known = all[folder];
  return Array.isArray(known) ? known.filter((digest) => typeof digest === 'string') : [];
}

function allowing(rules: readonly PermissionRule[]): PermissionRule[] {
  return rules.filter((rule) => verdictOf(rule) === 'allow');
}

/** Nothing is confirmed while the record of confirmations is unreadable. */
async function readConfirmations({ confirmations }: Coordination): Promise<Record<string, unknown>> {
  return parsed(await confirmations.read().catch(() => undefined));
}

function parsed(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
