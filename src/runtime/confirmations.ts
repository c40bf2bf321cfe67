import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PermissionRule, verdictOf } from '../core/policy/rules.ts';
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

/** True when a person has confirmed just that, and when there is nothing to confirm. A change of anything asks again. */
export async function isConfirmed(folder: string, settings: ToConfirm, env: Environment): Promise<boolean> {
  const { agents = {}, rules = [], policy } = settings;
  if (Object.keys(agents).length === 0 && allowing(rules).length === 0 && policy !== 'standard') return true;
  const known = (await readConfirmations(confirmationsFile(env)))[folder];
  const wanted = digestOf(settings);
  return known === wanted || (Array.isArray(known) && known.includes(wanted));
}

/** Notes what is confirmed for a folder, in place of what was. Several where the file is just being changed. */
export async function noteConfirmed(folder: string, digests: readonly string[], env: Environment): Promise<void> {
  const file = confirmationsFile(env);
  await mkdir(dirname(file), { recursive: true });
  await withFileLock(file, async () => {
    const known = await readConfirmations(file);
    const value = digests.length === 1 ? digests[0] : digests;
    const staged = `${file}.${process.pid}.${randomUUID()}`;
    await writeFile(staged, `${JSON.stringify({ ...known, [folder]: value }, null, 2)}\n`);
    await rename(staged, file);
  });
}

export function digestOf({ agents = {}, rules = [], policy }: ToConfirm): string {
  const allows = allowing(rules);
  // Without these as it was before there were any: what was confirmed then stays so.
  const more = { ...(allows.length === 0 ? {} : { allowing: allows }), ...(policy === 'standard' ? { policy } : {}) };
  const what = Object.keys(more).length === 0 ? agents : { agents, ...more };
  return createHash('sha256').update(JSON.stringify(what)).digest('hex');
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
