// The long run of everything that is killed, filled up and raced against: `npm run chaos`. It is `npm test -- chaos` with
// more processes, kills, histories and faults; `CHAOS=20 npm run chaos` repeats what can be repeated more often.

import { nodeTest, testFiles } from './test/part.ts';

process.env['CHAOS'] ??= '5';
const files = [...testFiles({ folders: ['chaos'] }), 'test/store/faults.test.ts'];
const { passed, failed } = await nodeTest('chaos', files, { concurrency: 1, timeoutMs: 3 * 60 * 60_000 });
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
