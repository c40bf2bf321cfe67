import { quickCheck } from '../schema-check.ts';
import type { Shape } from '../schema-shape.ts';
import { recordShape } from './record-shape.ts';
import { newTaskRecordSchema, type TaskRecord, taskRecordSchema } from './schema.ts';

const keys = recordShape.kind === 'object' ? recordShape.keys : {};
const { number: _, revision: __, ...newKeys } = keys;

/** Whether a value is a task record. */
export const isTaskRecord = quickCheck(taskRecordSchema, recordShape);
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
    check = quickCheck(taskRecordSchema.shape[key as keyof TaskRecord], shape);
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
