import { isTaskRecord } from '../../../core/task/record-check.ts';
import type { TaskRecord } from '../../../core/task/schema.ts';
import { isTooDeep } from '../../journal/depth.ts';

const SIGNED = /^([\s\S]*\n)#([A-Za-z0-9_-]{22})\n$/;

export interface CopyHead {
  readonly v: 1;
  /** ISO 8601 UTC. */
  readonly saved_at: string;
  /** The tasks that did not fit. */
  readonly left_out: number;
}

export interface CopySigner {
  sign(...parts: readonly (string | Buffer)[]): string | undefined;
  verify(text: string, signature: string | undefined): boolean;
}

/** The lines of a copy: its head, the ids of its tasks, a task per line, a signature. */
export function copyText(
  head: CopyHead,
  ids: readonly string[],
  records: readonly string[],
  signer: CopySigner,
): string {
  const body = `${[JSON.stringify(head), ids.join(' '), ...records].join('\n')}\n`;
  return `${body}#${signer.sign(body) ?? ''}\n`;
}

/** The ids in the text of a copy; its signature is not checked. */
export function idsOf(text: string): string[] {
  const start = text.indexOf('\n') + 1;
  return text.slice(start, text.indexOf('\n', start)).split(' ').filter(Boolean);
}

/** @returns undefined for a text that this store did not write as a whole */
export function parseCopy(text: string, signer: CopySigner): { savedAt: string; tasks: TaskRecord[] } | undefined {
  const [, body, signature] = SIGNED.exec(text) ?? [];
  if (body === undefined || !signer.verify(body, signature)) return undefined;
  const [head, , ...records] = body.trimEnd().split('\n');
  try {
    const { v, saved_at } = JSON.parse(head ?? '') as CopyHead;
    if (v !== 1 || typeof saved_at !== 'string') return undefined;
    const tasks = records.map((record) => JSON.parse(record) as TaskRecord);
    return { savedAt: saved_at, tasks: tasks.filter((task) => isTaskRecord(task) && !isTooDeep(task)) };
  } catch {
    return undefined;
  }
}
