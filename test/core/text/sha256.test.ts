import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hmacSha256, sha256 } from '../../../src/core/text/sha256.ts';

const bytes = (most: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength: most });

describe('SHA-256', () => {
  it('has the digests of FIPS 180-4', () => {
    const hex = (text: string): string => Buffer.from(sha256(Buffer.from(text))).toString('hex');
    assert.equal(hex('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    assert.equal(
      hex('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'),
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
  });

  it('is that of Node for every length around the ends of blocks', () => {
    for (let length = 0; length < 200; length += 1) {
      const text = Buffer.alloc(length, length);
      assert.deepEqual(Buffer.from(sha256(text)), createHash('sha256').update(text).digest(), `${length} bytes`);
    }
  });

  it('is that of Node for any parts', () => {
    fc.assert(
      fc.property(fc.array(bytes(150), { maxLength: 4 }), (parts) => {
        const hash = createHash('sha256');
        for (const part of parts) hash.update(part);
        assert.deepEqual(Buffer.from(sha256(...parts)), hash.digest());
      }),
    );
  });

  it('makes the HMAC of Node', () => {
    fc.assert(
      fc.property(bytes(64), bytes(300), (key, text) => {
        assert.deepEqual(Buffer.from(hmacSha256(key, text)), createHmac('sha256', key).update(text).digest());
      }),
    );
  });
});
