import { isTaskRecord } from '../../core/task/record-check.ts';
import { SCHEMA_VERSION, type TaskRecord, taskRecordSchema } from '../../core/task/schema.ts';
import { isTooDeep } from '../journal/depth.ts';

/** A record from the database, which other programs may have written. */
export type CheckedRecord = { readonly task: TaskRecord } | { readonly reason: string } | 'newer';

/** Bytes of a record; no task has as many. A row of several hundred megabytes would end every process that reads it. */
const MAX_RECORD = 16 * 1024 * 1024;

/** The column of a record in a query: null if it is too long. The driver would parse `json` before it was checked. */
export const RECORD = `case when octet_length(record::text) <= ${MAX_RECORD} then record::text end as record`;

/** @param text as `RECORD` returns it */
export function checkedRecord(text: string | null, id: string, number: number): CheckedRecord {
  if (text === null) return { reason: 'longer than 16 MB' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: 'not JSON' };
  }
  if (isTooDeep(value)) return { reason: 'nested too deeply' };
  const version: unknown = (value as { schema_version?: unknown } | null)?.schema_version;
  if (typeof version === 'number' && version > SCHEMA_VERSION) return 'newer';
  if (!isTaskRecord(value) && !taskRecordSchema.safeParse(value).success) return { reason: 'not a task' };
  const task = value as TaskRecord;
  return task.id === id && task.number === number ? { task } : { reason: 'its id or number differs from its row' };
}
