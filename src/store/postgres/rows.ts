import { isTaskRecord } from '../../core/task/record-check.ts';
import { SCHEMA_VERSION, type TaskRecord, taskRecordSchema } from '../../core/task/schema.ts';
import { isTooDeep } from '../journal/depth.ts';

/** A record from the database, which other programs may have written. */
export type CheckedRecord = { readonly task: TaskRecord } | { readonly reason: string } | 'newer';

/** @param text of the column, because the driver would parse `json` before it was checked */
export function checkedRecord(text: string, id: string, number: number): CheckedRecord {
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
