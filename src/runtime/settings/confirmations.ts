import { createHash } from 'node:crypto';
import { type PermissionRule, verdictOf } from '../../core/policy/rules.ts';
import { coordinationOf } from '../../store/coordination.ts';
import type { Environment } from '../../store/machine-folder.ts';
import type { Coordination } from '../../store/ports.ts';
import { lockOwner } from './lock-owner.ts';

/** What of a workspace's settings a person on this machine has to confirm before it counts. */
interface ToConfirm {
  readonly agents?: Readonly<Record<string, unknown>> | undefined;
  readonly rules?: readonly PermissionRule[] | undefined;
  readonly policy?: 'ask' | 'standard' | undefined;
  /** The set-up command is confirmed together with the agents: both are commands that came with the folder. */
  readonly worktrees?: { readonly setup?: string | undefined } | undefined;
}

/** The two parts of it, which a person can confirm one without the other. */
export interface Parts<T> {
  readonly agents: T;
  readonly rules: T;
}

/** Of each part whether a person has confirmed just that, or there is nothing of it. A change of a part asks again. */
export async function confirmedParts(folder: string, settings: ToConfirm, env: Environment): Promise<Parts<boolean>> {
  const { agents, rules } = digestsOf(settings);
  if (agents === undefined && rules === undefined) return { agents: true, rules: true };
  const known = knownOf(await readConfirmations(coordinationOf(folder, env)), folder);
  const counts = (digest: string | undefined): boolean => digest === undefined || known.includes(digest);
  return { agents: counts(agents), rules: counts(rules) };
}

/** Changes which digests are confirmed for a folder. */
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

/** What names each part just as it is; undefined for one of which there is nothing. */
export function digestsOf({ agents = {}, rules = [], policy, worktrees }: ToConfirm): Parts<string | undefined> {
  const allows = allowing(rules);
  const setup = worktrees?.setup;
  const named = Object.keys(agents).length > 0 ? agents : undefined;
  const commands = setup === undefined ? named : { agents, setup };
  return {
    agents: commands === undefined ? undefined : digestOf('agents', commands),
    rules: allows.length === 0 && policy !== 'standard' ? undefined : digestOf('rules', [allows, policy ?? null]),
  };
}

/** The name of the part is in it, so that what is confirmed as one is never taken for the other. */
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

/** Nothing is confirmed while the record of it cannot be read. */
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
