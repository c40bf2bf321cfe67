import type { Usage } from '../../core/task/schema.ts';
import type { AgentAdapter } from '../adapters/adapter.ts';
import type { RecordPlace } from './record.ts';
import { sumOf } from './sums.ts';

/** The spend of a session by the agent's own record; undefined without one. */
export async function spentOf(adapter: AgentAdapter, place: RecordPlace): Promise<Usage | undefined> {
  const sums = sumOf(await (await adapter.record?.(place))?.read());
  if (sums === undefined) return undefined;
  const { input, output, total, cost } = sums;
  const tokens = { input_tokens: input, output_tokens: output, total_tokens: total };
  return cost === undefined ? tokens : { ...tokens, cost_usd: cost };
}
