import { sep } from 'node:path';
import { MAX_TASK_NUMBER } from '../../../core/task/number.ts';
import { type OriginalTask, originalTaskSchema } from '../../../core/task/original-schema.ts';
import { parseTaskRecord } from '../../../core/task/record-check.ts';
import { SCHEMA_VERSION, type TaskRecord } from '../../../core/task/schema.ts';
import { isTooDeep } from '../../journal/depth.ts';
import type { Disk } from '../disk/disk.ts';
import { errorCode, isMissing } from '../disk/file-system.ts';
import { isTaskFileName, taskFile } from '../disk/layout.ts';
import type { BadFile } from '../disk/quarantine.ts';
import { isByHand, parseTaskText } from './task-text.ts';

/** A larger file is not a task: nothing reads it into memory. */
export const MAX_TASK_FILE = 32 * 1024 * 1024;

/** Not the file's fault: reading it again a little later may go well. */
const PASSING = ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EINTR'];

export type TaskFileDisk = Pick<Disk, 'fs' | 'layout' | 'provenance'>;

/** The content of a file in the tasks' folder. */
export type TaskFileReading =
  | {
      readonly kind: 'task';
      readonly task: TaskRecord /** The store did not write it like this. */;
      readonly byHand: boolean;
    }
  /** Written by the original systemprompt server. */
  | { readonly kind: 'original'; readonly task: OriginalTask }
  /** Written by a newer version of the product, in a form that this one does not understand. */
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'bad'; readonly bad: BadFile };

/** Reads one untrusted task file. @returns undefined if it does not exist */
export function readTaskFile(disk: TaskFileDisk, name: string): TaskFileReading | undefined {
  const { fs, layout, provenance } = disk;
  // Not `join`, which takes each path apart first: the folder is as `join` made it, and the name has no separator.
  const file = `${layout.tasks}${sep}${name}`;
  const bad = (reason: string): TaskFileReading => ({ kind: 'bad', bad: { file, reason } });
  if (!isTaskFileName(name)) return bad('not the name of a task file');
  let text: string;
  try {
    const read = fs.readRegularSync(file, MAX_TASK_FILE);
    if (read.kind === 'other') return bad('not a regular file');
    if (read.kind === 'large') return bad(`larger than ${MAX_TASK_FILE} bytes`);
    if (read.kind === 'binary') return bad('not UTF-8');
    text = read.text;
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (PASSING.includes(errorCode(error) ?? '')) throw error;
    return { kind: 'bad', bad: { file, reason: `cannot be read: ${(error as Error).message}`, stays: true } };
  }
  try {
    return judge(parseTaskText(text, provenance), name, bad);
  } catch (error) {
    return bad(`not JSON: ${(error as Error).message}`);
  }
}

/**
 * Whether a file is one that the store wrote for this task, in the form in which it nearly always is: its checksum
 * proves it, and nothing has to be parsed. False where that takes a closer look.
 */
export function isAsWritten({ fs, layout, provenance }: TaskFileDisk, id: string): boolean {
  try {
    const read = fs.readRegularSync(taskFile(layout, id), MAX_TASK_FILE);
    // Two spaces stand before a key of the task itself and of nothing in it, and no text has a line end in it.
    return read.kind === 'text' && read.text.includes(`\n  "id": "${id}",\n`) && !isByHand(read.text, provenance);
  } catch {
    return false;
  }
}

function judge(
  { record, byHand }: { record: unknown; byHand: boolean },
  name: string,
  bad: (reason: string) => TaskFileReading,
): TaskFileReading {
  const parsed = parseTaskRecord(record);
  const original = parsed.success ? undefined : originalTaskSchema.safeParse(record).data;
  const id = original?.id ?? parsed.data?.id;
  if (id !== undefined && `${id}.json` !== name) return bad(`holds the task ${id}`);
  if (isTooDeep(record)) return bad('nested too deeply');
  const version = versionOf(record);
  if (original !== undefined && version === undefined) return { kind: 'original', task: original };
  if (!parsed.success) {
    if (typeof version === 'number' && version > SCHEMA_VERSION) return { kind: 'newer', version };
    const issue = parsed.error.issues[0];
    return bad(`not a task: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  if (parsed.data.number > MAX_TASK_NUMBER) return bad(`its number is larger than ${MAX_TASK_NUMBER}`);
  return { kind: 'task', task: record as TaskRecord, byHand };
}

function versionOf(record: unknown): unknown {
  return typeof record === 'object' && record !== null && 'schema_version' in record
    ? record.schema_version
    : undefined;
}
