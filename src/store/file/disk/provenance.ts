import { createHmac, createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { hmacSha256 } from '../../../core/text/sha256.ts';
import type { Origin } from '../../ports.ts';
import { errorCode, type FileSystem, removeIfThere } from './file-system.ts';
import { keyPlace } from './key-place.ts';
import type { Layout } from './layout.ts';

const KEY = /^[0-9a-f]{64}$/;
const SIGNATURE = /,"signature":"([A-Za-z0-9_-]{22})"\}$/;
const TAIL_LENGTH = 60;
/** 256 bits, which cannot be guessed. */
const SIGNATURE_BYTES = 16;
/**
 * The first signatures of short texts do not use `node:crypto`, so that a process that reads an idle store need not load
 * it. For more signatures and longer texts it is faster.
 */
const FEW = 8;
const SHORT = 512;

/**
 * Distinguishes the content of this store from content that git, an archive or another program put into its folder: all
 * data that can start a task carries a signature by a key that is out of their reach.
 *
 * A store of an earlier version has no key, and its content is trusted until it gets one. The key is activated last,
 * after everything is signed: until then it is staged beside its place, so that concurrent migrations use the same key.
 */
export class Provenance {
  private readonly fs: FileSystem;
  private readonly layout: Layout;
  private key: Buffer | undefined;
  private pending: Buffer | undefined;
  private path: Promise<string> | undefined;
  private sawSignature = false;
  private few = FEW;
  /** Keys as `node:crypto` uses them: preparing one costs more than a signature. */
  private readonly prepared = new WeakMap<Buffer, KeyObject>();

  constructor(fs: FileSystem, layout: Layout) {
    this.fs = fs;
    this.layout = layout;
  }

  /**
   * `signed`: unsigned content is foreign. `unsigned`: the store has no key yet. `lost`: the key is missing although
   * content was signed, so foreign content cannot be detected.
   */
  get origin(): Origin {
    if (this.key !== undefined) return 'signed';
    return this.sawSignature && this.pending === undefined ? 'lost' : 'unsigned';
  }

  /** Looks for the key; a process that began without one looks again before it signs. */
  async loadKey(): Promise<void> {
    if (this.key !== undefined) return;
    const place = await this.place();
    this.key = this.read(place);
    this.pending = this.key === undefined ? this.read(pendingOf(place)) : undefined;
  }

  /** Creates a store with an active key. */
  async begin(): Promise<void> {
    await this.prepare();
    await this.enforce();
  }

  /** Makes the key that everything is signed with from now on, unless there is one. */
  async prepare(): Promise<void> {
    await this.loadKey();
    if (this.key !== undefined || this.pending !== undefined) return;
    await this.publish(randomBytes(32).toString('hex'));
    await this.loadKey();
  }

  /** From now on, unsigned content is foreign. */
  async enforce(): Promise<void> {
    if (this.key !== undefined || this.pending === undefined) return;
    const place = await this.place();
    await this.fs.rename(pendingOf(place), place).catch((error) => {
      // Another process was faster.
      if (errorCode(error) !== 'ENOENT') throw error;
    });
    await this.loadKey();
  }

  /** Adds a signature as the last key of an object in JSON, without spaces at its end. */
  signed(json: string): string {
    const signature = this.sign(json);
    return signature === undefined ? json : `${json.slice(0, -1)},"signature":"${signature}"}`;
  }

  /** Whether a text that `signed` makes is unchanged. True for every text while there is no key. */
  vouchesFor(json: string): boolean {
    const [tail, signature] = SIGNATURE.exec(json.slice(-TAIL_LENGTH)) ?? [];
    if (tail === undefined) return this.key === undefined;
    return this.verify(`${json.slice(0, -tail.length)}}`, signature);
  }

  /** @returns undefined while there is no key */
  sign(...parts: readonly (string | Buffer)[]): string | undefined {
    const key = this.key ?? this.pending;
    return key === undefined ? undefined : this.digest(key, parts).toString('base64url');
  }

  /** True for every text while there is no key. */
  verify(text: string, signature: string | undefined): boolean {
    if (signature !== undefined) this.sawSignature = true;
    if (this.key === undefined) return true;
    if (signature === undefined) return false;
    const given = Buffer.from(signature, 'base64url');
    return isEqual(given, this.digest(this.key, [text]));
  }

  private digest(key: Buffer, parts: readonly (string | Buffer)[]): Buffer {
    const [text = '', ...others] = parts;
    if (others.length === 0 && text.length <= SHORT && this.few > 0) {
      this.few -= 1;
      return Buffer.from(hmacSha256(key, Buffer.from(text))).subarray(0, SIGNATURE_BYTES);
    }
    const hmac = createHmac('sha256', this.objectOf(key));
    for (const part of parts) hmac.update(part);
    return hmac.digest().subarray(0, SIGNATURE_BYTES);
  }

  private objectOf(key: Buffer): KeyObject {
    const prepared = this.prepared.get(key) ?? createSecretKey(key);
    this.prepared.set(key, prepared);
    return prepared;
  }

  private read(file: string): Buffer | undefined {
    try {
      const found = this.fs.readRegularSync(file, 1_000);
      if (found.kind !== 'text' || !KEY.test(found.text.trim())) return undefined;
      return Buffer.from(found.text.trim(), 'hex');
    } catch {
      // One that cannot be read is no key for this process.
      return undefined;
    }
  }

  private async publish(text: string): Promise<void> {
    const { fs } = this;
    const place = await this.place();
    await fs.mkdir(dirname(place)).catch((error) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    });
    const staged = join(dirname(place), `key.${process.pid}.${randomUUID()}`);
    try {
      const handle = await fs.open(staged, 'wx');
      try {
        await handle.writeFile(`${text}\n`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
      // Of two processes at once, the first one's key counts.
      await fs.link(staged, pendingOf(place)).catch((error) => {
        if (errorCode(error) !== 'EEXIST') throw error;
      });
    } finally {
      await removeIfThere(fs, staged);
    }
  }

  /** The place of a file that only processes with the key can be expected to have written, by its extension. */
  async beside(extension: string): Promise<string> {
    return (await this.place()).replace(/key$/, extension);
  }

  private place(): Promise<string> {
    this.path ??= keyPlace(this.fs, this.layout);
    return this.path;
  }
}

/** An object in JSON as it was before it was signed. */
export function withoutSignature(json: string): string {
  const text = json.trimEnd();
  const [tail] = SIGNATURE.exec(text.slice(-TAIL_LENGTH)) ?? [];
  return tail === undefined ? text : `${text.slice(0, -tail.length)}}`;
}

function pendingOf(place: string): string {
  return `${place}.new`;
}

/** In a time that does not depend on the content. */
function isEqual(given: Buffer, expected: Buffer): boolean {
  let difference = given.length ^ expected.length;
  for (const [index, byte] of expected.entries()) difference |= byte ^ (given[index] ?? 0);
  return difference === 0;
}
