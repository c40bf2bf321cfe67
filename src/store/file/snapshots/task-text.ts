import { crc32 } from 'node:zlib';
import type { TaskRecord } from '../../../core/task/schema.ts';

const KEY = 'checksum';
const TAIL = /,(\n {2}"checksum": |"checksum":)"([0-9a-f]{8})"\n?\}\n$/;
const TAIL_LENGTH = 40;

/**
 * A task as it stands in its file: readable, keys in the order of the schema. The last key is a checksum of all the
 * rest, by which the store knows what it wrote itself, in whatever process, from what was changed by hand.
 *
 * @param most bytes above which the file would not be read again
 */
export function taskText(record: TaskRecord, most: number): string {
  const indented = JSON.stringify(record, null, 2);
  // What is too large for a person to read is not indented: that can make it several times as large.
  if (indented.length * 3 > most) {
    const body = JSON.stringify(record);
    return `${body.slice(0, -1)},"${KEY}":"${hex(crc32(body))}"}\n`;
  }
  return `${indented.slice(0, -2)},\n  "${KEY}": "${hex(crc32(indented))}"\n}\n`;
}

/** What a text of a task file says, and whether it is as the store wrote it, byte for byte. */
export function parseTaskText(text: string): { readonly record: unknown; readonly byHand: boolean } {
  const record: unknown = JSON.parse(text);
  const byHand = isByHand(text);
  if (typeof record === 'object' && record !== null && KEY in record) delete record[KEY];
  return { record, byHand };
}

/** Whether a text of a task file is not what the store wrote, byte for byte. */
export function isByHand(text: string): boolean {
  const [tail, key, sum] = TAIL.exec(text.slice(-TAIL_LENGTH)) ?? [];
  if (tail === undefined) return true;
  const end = key?.startsWith('\n') === true ? '\n}' : '}';
  return hex(crc32(end, crc32(text.slice(0, -tail.length)))) !== sum;
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
