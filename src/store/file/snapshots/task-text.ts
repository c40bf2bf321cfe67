import { crc32 } from 'node:zlib';
import type { TaskRecord } from '../../../core/task/schema.ts';

const KEY = 'checksum';
const TAIL = /,(\n {2}"checksum": |"checksum":)"([0-9a-f]{8})(?:\.([A-Za-z0-9_-]{22}))?"\n?\}\n$/;
const TAIL_LENGTH = 64;

/** Signs what the store writes, and knows what it wrote. */
export interface Signer {
  sign(text: string): string | undefined;
  verify(text: string, signature: string | undefined): boolean;
}

/**
 * A task as it stands in its file: readable, keys in the order of the schema. The last key is a checksum of all the
 * rest, by which the store tells what it wrote itself, in whatever process, from what was changed by hand; with a
 * signature that nobody else can make.
 *
 * @param most bytes above which the file would not be read again
 * @param signer adds to the checksum who wrote the file
 */
export function taskText(record: TaskRecord, most: number, signer?: Signer): string {
  const indented = JSON.stringify(record, null, 2);
  // What is too large for a person to read is not indented: that can make it several times as large.
  if (indented.length * 3 > most) {
    const body = JSON.stringify(record);
    return `${body.slice(0, -1)},"${KEY}":"${seal(body, signer)}"}\n`;
  }
  return `${indented.slice(0, -2)},\n  "${KEY}": "${seal(indented, signer)}"\n}\n`;
}

/** The record in the text of a task file, and whether the store wrote the text like this, byte for byte. */
export function parseTaskText(
  text: string,
  signer: Signer | undefined,
): { readonly record: unknown; readonly byHand: boolean } {
  const record: unknown = JSON.parse(text);
  const byHand = isByHand(text, signer);
  if (typeof record === 'object' && record !== null && KEY in record) delete record[KEY];
  return { record, byHand };
}

/** Whether a text of a task file is not what the store wrote, byte for byte. */
export function isByHand(text: string, signer: Signer | undefined): boolean {
  const [tail, key, sum, signature] = TAIL.exec(text.slice(-TAIL_LENGTH)) ?? [];
  if (tail === undefined) return true;
  const end = key?.startsWith('\n') === true ? '\n}' : '}';
  const body = text.slice(0, -tail.length);
  if (hex(crc32(end, crc32(body))) !== sum) return true;
  return signer !== undefined && !signer.verify(`${body}${end}`, signature);
}

function seal(text: string, signer: Signer | undefined): string {
  const signature = signer?.sign(text);
  return signature === undefined ? hex(crc32(text)) : `${hex(crc32(text))}.${signature}`;
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0');
}
