import { temporaryFolder } from '../../machine/temporary.ts';
import type { AgentAdapter } from '../adapters/adapter.ts';
import type { Environment } from '../environment.ts';
import type { BesideRecord } from './spend-meter.ts';

/**
 * A record of the calls that the record of the session lacks, in a private folder. Undefined for an agent that needs none.
 */
export async function openBesideRecord(adapter: AgentAdapter, env: Environment, cwd: string): Promise<BesideRecord> {
  if (adapter.runRecord === undefined) return undefined;
  const folder = await temporaryFolder('spend').catch(() => undefined);
  if (folder === undefined) return 'missing';
  const record = await adapter.runRecord({ folder: folder.path, env, cwd }).catch(() => undefined);
  if (record === undefined) await folder.remove();
  return record ?? 'missing';
}
