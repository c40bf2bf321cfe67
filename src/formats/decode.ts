import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';

/**
 * Decodes a text file: UTF-8, or UTF-16 with a byte order mark. The mark is removed.
 *
 * @param name - names the file in messages
 * @throws TaskError `InvalidInput` for another encoding
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const encoding = isUtf16 ? (first === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  let text: string | undefined;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    text = undefined;
  }
  if (text !== undefined && !text.includes('\0')) return text;
  throw new TaskError('InvalidInput', `${name} is not a text file in UTF-8 or UTF-16.`, {
    next: [textStep('Save it as UTF-8.')],
  });
}
