import { amountOf, type Fields, fieldsOf, textOf } from '../acp/wire.ts';
import { chatsOf } from './gemini-chats.ts';
import { LinesRecord } from './lines-record.ts';
import { isPlainId, type ModelCall, type RecordPlace, type SpendRecord } from './record.ts';

/** The calls in the chats of a session of Gemini CLI; a resumed session may continue in another file. */
export function geminiRecord({ sessionId, env }: RecordPlace): SpendRecord | undefined {
  if (!isPlainId(sessionId)) return undefined;
  return new LinesRecord({ locate: chatsOf(sessionId, env), marker: '"tokens"', callOf });
}

function callOf({ type, id, tokens }: Fields): ModelCall | undefined {
  const counts = fieldsOf(tokens);
  const name = textOf(id);
  if (type !== 'gemini' || name === undefined || counts === undefined) return undefined;
  const input = (amountOf(counts.input) ?? 0) + (amountOf(counts.tool) ?? 0);
  const output = (amountOf(counts.output) ?? 0) + (amountOf(counts.thoughts) ?? 0);
  const total = amountOf(counts.total) ?? input + output;
  return { id: name, input, output, total };
}
