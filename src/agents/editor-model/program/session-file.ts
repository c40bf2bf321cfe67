import { randomUUID } from 'node:crypto';
import { appendFile, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChatMessage, chatMessageSchema } from '../../../core/editor-model/wire.ts';
import { fieldsOf, textOf } from '../../acp/wire.ts';
import { isPlainId } from '../../records/record.ts';
import { makeFolder } from './make-folder.ts';

/** A conversation that no run has continued for this time is deleted. */
const KEPT_MS = 30 * 24 * 3_600_000;

const interruptedCall = 'The run was interrupted during this call. Check whether it took effect.';

/**
 * A conversation in a file of JSON lines: messages, the chosen model, and the tokens of each call. The worker reads the
 * tokens while a turn runs.
 */
export class SessionFile {
  readonly id: string;
  readonly messages: ChatMessage[];
  private readonly path: string;
  private chosen: string | undefined;
  private calls = 0;

  private constructor(folder: string, id: string, messages: ChatMessage[], model: string | undefined) {
    this.id = id;
    this.path = fileOf(folder, id);
    this.messages = messages;
    this.chosen = model;
  }

  static async create(folder: string): Promise<SessionFile> {
    await makeFolder(folder, 0o700);
    await deleteOld(folder).catch(() => {});
    const session = new SessionFile(folder, randomUUID(), [], undefined);
    await session.append({ created: new Date().toISOString() });
    return session;
  }

  /** Undefined if there is no such conversation. Calls without a result get one that explains it. */
  static async resume(folder: string, id: string): Promise<SessionFile | undefined> {
    const text = isPlainId(id) ? await readFile(fileOf(folder, id), 'utf8').catch(() => undefined) : undefined;
    if (text === undefined) return undefined;
    const messages: ChatMessage[] = [];
    let model: string | undefined;
    for (const line of text.split('\n')) {
      const fields = parsed(line);
      const message = chatMessageSchema.safeParse(fields?.message).data;
      if (message !== undefined) messages.push(message);
      model = textOf(fields?.model) ?? model;
    }
    const session = new SessionFile(folder, id, messages, model);
    // The process may have been killed in the middle of a line.
    if (!text.endsWith('\n')) await appendFile(session.path, '\n');
    const open = (messages.at(-1)?.parts ?? []).flatMap((part) => (part.type === 'call' ? [part.id] : []));
    if (open.length > 0) {
      const parts = open.map((call) => ({ type: 'result' as const, id: call, text: interruptedCall }));
      await session.add({ role: 'user', parts });
    }
    return session;
  }

  get model(): string | undefined {
    return this.chosen;
  }

  async choose(model: string): Promise<void> {
    this.chosen = model;
    await this.append({ model });
  }

  async add(message: ChatMessage): Promise<void> {
    this.messages.push(message);
    await this.append({ message });
  }

  /** Records the tokens of one call of the model. */
  async spend(input: number, output: number): Promise<void> {
    this.calls += 1;
    await this.append({ usage: { id: `${process.pid}-${Date.now()}-${this.calls}`, input, output } });
  }

  private async append(line: object): Promise<void> {
    await appendFile(this.path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  }
}

/** The file of a conversation. */
export function fileOf(folder: string, id: string): string {
  return join(folder, `${id}.jsonl`);
}

function parsed(line: string): ReturnType<typeof fieldsOf> {
  try {
    return line === '' ? undefined : fieldsOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}

async function deleteOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.jsonl') && Date.now() - (await stat(path)).mtimeMs > KEPT_MS) await unlink(path);
  }
}
