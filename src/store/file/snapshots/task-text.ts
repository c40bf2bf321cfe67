import { crc32 } from 'node:zlib';
import type { TaskRecord } from '../../../core/task/schema.ts';

const KEY = 'checksum';
const TAIL = /,(\n {2}"checksum": |"checksum":)"([0-9a-f]{8})(?:\.([A-Za-z0-9_-]{22}))?"\n?\}\n$/;
const TAIL_LENGTH = 64;

/** Signs the files of the store, and verifies them. */
export interface Signer {
  sign(text: string): string | undefined;
  verify(text: string, signature: string | undefined): boolean;
}

/**
 * The file of a task: readable, with keys in the order of the schema. The last key is a checksum of the rest, which
 * distinguishes writes of the store, by any process, from manual edits; with a signature that only the store can
 * create.
 *
 * @param most bytes above which the file would not be read again
 * @param signer adds the signature of the writer to the checksum
 */
export function taskText(record: TaskRecord, most: number, signer?: Signer): string {
  const indented = JSON.stringify(record, null, 2);
  // A file that is too large to read is not indented, which can multiply its size.
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

/** Whether a text of a task file differs from the store's own bytes. */
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
