import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentAdapter } from '../adapters/adapter.ts';
import type { Environment } from '../environment.ts';
import type { BesideRecord } from './spend-meter.ts';

/**
 * A record of the calls that the record of the session lacks, in a private folder. Undefined for an agent that needs none.
 */
export async function openBesideRecord(adapter: AgentAdapter, env: Environment, cwd: string): Promise<BesideRecord> {
  if (adapter.runRecord === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'systemprompt-spend-')).catch(() => undefined);
  if (folder === undefined) return 'missing';
  const record = await adapter.runRecord({ folder, env, cwd }).catch(() => undefined);
  if (record === undefined) await rm(folder, { recursive: true, force: true });
  return record ?? 'missing';
}
