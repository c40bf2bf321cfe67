import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { nodeFileSystem } from '../../../../src/store/file/disk/file-system.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

describe('a new file', () => {
  it('keeps what another process appends before its first bytes are written', (context) => {
    const file = join(tempFolder(context), 'log.jsonl');
    const bytes = Buffer.from('the first line of this process\n');
    const { length } = bytes;
    let appended = false;
    Object.defineProperty(bytes, 'length', {
      get() {
        // Asked for the first time once the file is there.
        if (!appended) appendFileSync(file, 'of another process\n');
        appended = true;
        return length;
      },
    });
    nodeFileSystem.writeNewSync(file, bytes);
    assert.deepEqual(readFileSync(file, 'utf8').split('\n').toSorted(), [
      '',
      'of another process',
      'the first line of this process',
    ]);
  });
});
