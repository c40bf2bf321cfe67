import { join } from 'node:path';
import { amountOf, type Fields, fieldsOf, textOf } from '../acp/wire.ts';
import { LinesRecord } from './lines-record.ts';
import { agentFolder, namesIn, untilFound } from './places.ts';
import { isPlainId, type ModelCall, type RecordPlace, type SpendRecord } from './record.ts';

/** Codex's rollouts: `sessions/YYYY/MM/DD/rollout-<time>-<session>.jsonl`. */
export function codexRecord({ sessionId, env }: RecordPlace): SpendRecord | undefined {
  if (!isPlainId(sessionId)) return undefined;
  const sessions = join(agentFolder(env, 'CODEX_HOME', '.codex'), 'sessions');
  const locate = untilFound(async () => {
    for (const year of await namesIn(sessions)) {
      for (const month of await namesIn(join(sessions, year))) {
        for (const day of await namesIn(join(sessions, year, month))) {
          const folder = join(sessions, year, month, day);
          const name = (await namesIn(folder)).find((one) => one.endsWith(`-${sessionId}.jsonl`));
          if (name !== undefined) return [join(folder, name)];
        }
      }
    }
    return [];
  });
  return new LinesRecord({ locate, marker: '"token_usage_record"', callOf });
}

/** The input has the cached tokens in it, the output those of thoughts. */
function callOf({ type, payload }: Fields): ModelCall | undefined {
  const { response_id, usage } = fieldsOf(payload) ?? {};
  const counts = fieldsOf(usage);
  const id = textOf(response_id);
  if (type !== 'token_usage_record' || id === undefined || counts === undefined) return undefined;
  const input = amountOf(counts.input_tokens) ?? 0;
  const output = amountOf(counts.output_tokens) ?? 0;
  const total = amountOf(counts.total_tokens) ?? input + output;
  return { id, input, output, total };
}
