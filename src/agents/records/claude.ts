import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { amountOf, type Fields, fieldsOf, textOf } from '../acp/wire.ts';
import { LinesRecord } from './lines-record.ts';
import { agentFolder, namesIn, untilFound } from './places.ts';
import { isPlainId, type ModelCall, type RecordPlace, type SpendRecord } from './record.ts';

/** Claude Code's transcripts: `projects/<folder>/<session>.jsonl`, with those of its subagents in a folder beside it. */
export function claudeRecord({ sessionId, env }: RecordPlace): SpendRecord | undefined {
  if (!isPlainId(sessionId)) return undefined;
  const projects = join(agentFolder(env, 'CLAUDE_CONFIG_DIR', '.claude'), 'projects');
  const own = untilFound(async () => {
    for (const name of await namesIn(projects)) {
      const path = join(projects, name, `${sessionId}.jsonl`);
      if (await stat(path).catch(() => undefined)) return [path];
    }
    return [];
  });
  const locate = async (): Promise<string[]> => {
    const [main] = await own();
    if (main === undefined) return [];
    const folder = join(main.replace(/\.jsonl$/, ''), 'subagents');
    const names = (await namesIn(folder)).filter((name) => name.endsWith('.jsonl'));
    return [main, ...names.map((name) => join(folder, name))];
  };
  return new LinesRecord({ locate, marker: '"usage"', callOf });
}

/** Several lines have the parts of one message; each has the usage of the whole. */
function callOf({ type, message }: Fields): ModelCall | undefined {
  const { id, model, usage } = fieldsOf(message) ?? {};
  const counts = fieldsOf(usage);
  const name = textOf(id);
  if (type !== 'assistant' || name === undefined || counts === undefined || model === '<synthetic>') return undefined;
  const cached = amountOf(counts.cache_read_input_tokens) ?? 0;
  const input = (amountOf(counts.input_tokens) ?? 0) + cached + (amountOf(counts.cache_creation_input_tokens) ?? 0);
  const output = amountOf(counts.output_tokens) ?? 0;
  return { id: name, input, output, total: input + output };
}
