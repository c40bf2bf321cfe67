import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { amountOf, type Fields, fieldsOf, textOf } from '../acp/wire.ts';
import type { Environment } from '../environment.ts';
import { LinesRecord } from './lines-record.ts';
import { agentFolder, namesIn, regularFile } from './places.ts';
import { isPlainId, type ModelCall, type RecordPlace, type SpendRecord } from './record.ts';

/** Gemini CLI's chats: `tmp/<project>/chats/session-<time>-<start of the session's id>.jsonl`. */
export function geminiRecord({ sessionId, env }: RecordPlace): SpendRecord | undefined {
  if (!isPlainId(sessionId)) return undefined;
  const ending = `-${sessionId.slice(0, 8)}.jsonl`;
  let chats: readonly string[] = [];
  const locate = async (): Promise<string[]> => {
    if (chats.length === 0) chats = await chatFolders(env, ending);
    const paths: string[] = [];
    // A resumed session may continue in another file.
    for (const folder of chats) {
      for (const name of await namesIn(folder)) {
        const path = join(folder, name);
        if (name.endsWith(ending) && (await isOf(path, sessionId))) paths.push(path);
      }
    }
    return paths;
  };
  return new LinesRecord({ locate, marker: '"tokens"', callOf });
}

/** The folders that have a chat whose file name ends like this. */
export async function chatFolders(env: Environment, ending: string): Promise<string[]> {
  const projects = join(agentFolder(env, 'GEMINI_CLI_HOME'), '.gemini', 'tmp');
  const found: string[] = [];
  for (const name of await namesIn(projects)) {
    const folder = join(projects, name, 'chats');
    if ((await namesIn(folder)).some((file) => file.endsWith(ending))) found.push(folder);
  }
  return found;
}

/** True if the first line names the session: its file name has only the start of the id. */
async function isOf(path: string, sessionId: string): Promise<boolean> {
  const file = await regularFile(path)
    .then(() => open(path, 'r'))
    .catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.toString('utf8', 0, bytesRead).includes(`"sessionId":"${sessionId}"`);
  } finally {
    await file.close();
  }
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
