import type { z } from 'zod';
import { deferredSchema } from '../deferred-schema.ts';
import { quickCheck } from '../schema-check.ts';
import type { Shape } from '../schema-shape.ts';
import { recordShape } from './record-shape.ts';
import { newTaskRecordSchema, type TaskRecord, taskRecordSchema } from './schema.ts';

const keys: Readonly<Record<string, Shape>> = recordShape.keys;
const { number: _, revision: __, ...newKeys } = keys;

const isUsualRecord = quickCheck(taskRecordSchema, recordShape);

/** The parsed task record. The schema itself loads only for a value that the quick check does not accept. */
export function parseTaskRecord(value: unknown): z.ZodSafeParseResult<TaskRecord> {
  return isUsualRecord(value) ? { success: true, data: value as TaskRecord } : taskRecordSchema.safeParse(value);
}

/** Whether a value is a task record. */
export function isTaskRecord(value: unknown): value is TaskRecord {
  return parseTaskRecord(value).success;
}

/** Whether a value is a record without number and revision. */
export const isNewTaskRecord = quickCheck(newTaskRecordSchema, { kind: 'object', keys: newKeys });

/** The check of each key, made on first use: a process that only lists tasks checks few. */
const checks = new Map<string, (value: unknown) => boolean>();

/** Whether a key of a task may have a value. A key that the schema does not know may have any. */
export function isTaskPart(key: string, value: unknown): boolean {
  const shape = partOf(key);
  if (shape === undefined) return true;
  let check = checks.get(key);
  if (check === undefined) {
    // Deferred, because even the schema of a part builds the schema of the whole record.
    check = quickCheck(
      deferredSchema(() => taskRecordSchema.shape[key as keyof TaskRecord]),
      shape,
    );
    checks.set(key, check);
  }
  return check(value) || taskRecordSchema.shape[key as keyof TaskRecord].safeParse(value).success;
}

/** Whether every task has this key. */
export function isRequiredPart(key: string): boolean {
  const shape = partOf(key);
  if (shape === undefined || shape.kind === 'optional') return false;
  return !isTaskPart(key, undefined);
}

function partOf(key: string): Shape | undefined {
  return Object.hasOwn(keys, key) ? keys[key] : undefined;
}
