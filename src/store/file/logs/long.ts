import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { TaskLogEntry } from '../../../core/task/log-entry.ts';

/**
 * Lines above this length, in characters of JSON, are truncated: the full text goes into a separate file beside the
 * log, so that a page of a log is never large for any output of an agent.
 */
export const LINE_CHARS = 64 * 1024;
const SHOWN_CHARS = 8 * 1024;
const SHOWN_VALUE_CHARS = 1_000;

/** A file that must be there before the line that names it. */
export interface LongText {
  readonly name: string;
  readonly text: string;
}

/** The reference of a cut line to its files, each in the folder of the log. */
const fullSchema = z.object({
  message: z.object({ file: z.string(), chars: z.number() }).optional(),
  metadata: z.object({ file: z.string(), chars: z.number() }).optional(),
});

/** Cuts an entry that is too long for a line. */
export function cutEntry(entry: TaskLogEntry): { entry: TaskLogEntry; texts: LongText[] } {
  const texts: LongText[] = [];
  const cut: TaskLogEntry = { ...entry };
  const full: z.infer<typeof fullSchema> = {};
  if (entry.message.length > SHOWN_CHARS) {
    const name = `${randomUUID()}.txt`;
    texts.push({ name, text: entry.message });
    full.message = { file: name, chars: entry.message.length };
    cut.message = whole(entry.message, SHOWN_CHARS);
  }
  const metadata = JSON.stringify(entry.metadata ?? {}, null, 2);
  if (metadata.length > SHOWN_CHARS) {
    const name = `${randomUUID()}.json`;
    texts.push({ name, text: metadata });
    full.metadata = { file: name, chars: metadata.length };
    cut.metadata = Object.fromEntries(Object.entries(entry.metadata ?? {}).filter(([, value]) => isShort(value)));
  }
  return { entry: Object.assign(cut, { full }), texts };
}

/**
 * A truncated entry with a note of the path of its full text; other entries unchanged. `folder` contains the log's
 * files.
 */
export function explainCut(entry: TaskLogEntry, folder: string): TaskLogEntry {
  if (!('full' in entry)) return entry;
  const full = fullSchema.safeParse(entry.full).data;
  if (full === undefined) return entry;
  const notes: string[] = [];
  if (full.message !== undefined) {
    const more = (full.message.chars - entry.message.length).toLocaleString('en');
    notes.push(`… ${more} more characters; the whole text is in ${join(folder, full.message.file)}`);
  }
  if (full.metadata !== undefined) notes.push(`… all details are in ${join(folder, full.metadata.file)}`);
  return { ...entry, message: [entry.message, ...notes].join('\n') };
}

function isShort(value: unknown): boolean {
  return (JSON.stringify(value) ?? '').length <= SHOWN_VALUE_CHARS;
}

/** Cut so that no pair of surrogates is torn. */
function whole(text: string, chars: number): string {
  const last = text.charCodeAt(chars - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? chars - 1 : chars);
}
