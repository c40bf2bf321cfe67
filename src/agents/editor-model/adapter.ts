import { join } from 'node:path';
import { NOT_RUN, PROGRAM_VARIABLE } from '../../core/editor-model/program-options.ts';
import type { Usage } from '../../core/task/schema.ts';
import { amountOf, type Fields, fieldsOf, textOf } from '../acp/wire.ts';
import type { AgentAdapter } from '../adapters/adapter.ts';
import type { ModelCall, RecordPlace, SpendRecord } from '../records/record.ts';
import { spentOf } from '../records/spent.ts';

/** The agent for models of an editor. */
export const editorModel: AgentAdapter = {
  tokensCount: 'turn',
  reportsUsage: true,
  reportsCost: false,
  interrupts: true,
  record: recordOf,
  refusal: (_, output) => (typeof output === 'string' && output.startsWith(NOT_RUN) ? output : undefined),
  env({ reach }, env) {
    const options = {
      ...fieldsOf(JSON.parse(env[PROGRAM_VARIABLE] ?? '{}')),
      ...(reach === undefined ? {} : { reach }),
    };
    // The program of an editor is Electron; the second variable makes it a plain Node.
    return { [PROGRAM_VARIABLE]: JSON.stringify(options), ELECTRON_RUN_AS_NODE: '1' };
  },
};

/** The spend of a session, also after its window and its worker have ended. */
export async function spentIn(sessions: string, sessionId: string): Promise<Usage | undefined> {
  return await spentOf(editorModel, { sessionId, env: { [PROGRAM_VARIABLE]: JSON.stringify({ sessions }) } });
}

/** The conversation of the program has the tokens of each call. */
async function recordOf({ sessionId, env }: RecordPlace): Promise<SpendRecord | undefined> {
  const { isPlainId } = await import('../records/record.ts');
  const sessions = textOf(fieldsOf(JSON.parse(env[PROGRAM_VARIABLE] ?? '{}'))?.sessions);
  if (sessions === undefined || !isPlainId(sessionId)) return undefined;
  const { LinesRecord } = await import('../records/lines-record.ts');
  const path = join(sessions, `${sessionId}.jsonl`);
  return new LinesRecord({ locate: async () => [path], marker: '{"usage":', callOf });
}

function callOf(line: Fields): ModelCall | undefined {
  const usage = fieldsOf(line.usage);
  const id = textOf(usage?.id);
  if (id === undefined) return undefined;
  const [input, output] = [amountOf(usage?.input) ?? 0, amountOf(usage?.output) ?? 0];
  return { id, input, output, total: input + output };
}
