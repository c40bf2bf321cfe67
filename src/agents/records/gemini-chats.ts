import { lstat, open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Environment } from '../environment.ts';
import { agentFolder, namesIn, regularFile } from './places.ts';
import { isPlainId } from './record.ts';

/** The end of the name of a protected chat. Its last part must not have the length of the start of an id, eight. */
const PROTECTED = '-conversation.jsonl';

/**
 * Finds the chats of a session: `tmp/<project>/chats/session-<minute>-<start of the session's id>.jsonl`, and those that
 * are protected. The projects are searched until there are some.
 */
export function chatsOf(sessionId: string, env: Environment): () => Promise<string[]> {
  const start = sessionId.slice(0, 8);
  const endings = [`-${start}.jsonl`, `-${start}${PROTECTED}`];
  const isChat = (name: string): boolean => endings.some((ending) => name.endsWith(ending));
  let folders: readonly string[] = [];
  return async () => {
    if (folders.length === 0) folders = await chatFolders(env, isChat);
    const paths: string[] = [];
    for (const folder of folders) {
      for (const name of await namesIn(folder)) {
        const path = join(folder, name);
        if (isChat(name) && (await isOf(path, sessionId))) paths.push(path);
      }
    }
    return paths;
  };
}

/**
 * Renames the chats of a session before it is loaded. Loading first makes a chat without messages under the usual name. At
 * each start, Gemini CLI deletes such chats together with all chats of that name in every minute, also the conversation. It
 * finds a chat by its content, and continues in the same file.
 */
export async function protectChats(sessionId: string, env: Environment): Promise<void> {
  if (!isPlainId(sessionId)) return;
  for (const path of await chatsOf(sessionId, env)()) {
    if (path.endsWith(PROTECTED)) continue;
    const to = join(dirname(path), `${basename(path, '.jsonl')}${PROTECTED}`);
    // A chat of the same minute without messages, from an earlier resume.
    if (await exists(to)) continue;
    // Without the new name, the session may be lost, and then the agent starts a new one.
    await rename(path, to).catch(() => {});
  }
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function chatFolders(env: Environment, isChat: (name: string) => boolean): Promise<string[]> {
  const projects = join(agentFolder(env, 'GEMINI_CLI_HOME'), '.gemini', 'tmp');
  const found: string[] = [];
  for (const name of await namesIn(projects)) {
    const folder = join(projects, name, 'chats');
    if ((await namesIn(folder)).some(isChat)) found.push(folder);
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
