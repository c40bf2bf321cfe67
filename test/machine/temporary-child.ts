import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../src/machine/temporary.ts';

/** Makes a temporary folder with a file, prints its path, and ends when its input does. */
const { path } = await temporaryFolder('test');
writeFileSync(join(path, 'file'), 'x');
process.stdout.write(`${path}\n`);
process.stdin.resume();
