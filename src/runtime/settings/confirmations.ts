import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PermissionRule, verdictOf } from '../../core/policy/rules.ts';
import { withFileLock } from './file-lock.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What of a workspace's settings a person on this machine has to confirm before it counts. */
interface ToConfirm {
  readonly agents?: Readonly<Record<string, unknown>> | undefined;
  readonly rules?: readonly PermissionRule[] | undefined;
  readonly policy?: 'ask' | 'standard' | undefined;
}

export function machineFolder(env: Environment): string {
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'systemprompt');
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
  const known = knownOf(await readConfirmations(confirmationsFile(env)), folder);
  const counts = (digest: string | undefined): boolean => digest === undefined || known.includes(digest);
  return { agents: counts(agents), rules: counts(rules) };
}

/** Changes which digests are confirmed for a folder. */
export async function updateConfirmed(
  folder: string,
  change: (known: readonly string[]) => readonly string[],
  env: Environment,
): Promise<void> {
  const file = confirmationsFile(env);
  await mkdir(dirname(file), { recursive: true });
  await withFileLock(file, async () => {
    const all = await readConfirmations(file);
    const digests = [...new Set(change(knownOf(all, folder)))];
    const staged = `${file}.${process.pid}.${randomUUID()}`;
    await writeFile(staged, `${JSON.stringify({ ...all, [folder]: digests }, null, 2)}\n`);
    await rename(staged, file);
  });
}

/** What names each part just as it is; undefined for one of which there is nothing. */
export function digestsOf({ agents = {}, rules = [], policy }: ToConfirm): Parts<string | undefined> {
  const allows = allowing(rules);
  return {
    agents: Object.keys(agents).length === 0 ? undefined : digestOf('agents', agents),
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

function confirmationsFile(env: Environment): string {
  return join(machineFolder(env), 'confirmed-agents.json');
}

async function readConfirmations(file: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
