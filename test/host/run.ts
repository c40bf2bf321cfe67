// Runs the tests of test/host inside a real VS Code extension host:
//
//   node test/host/run.ts [PART-OF-A-TEST-NAME]
//
// `suite/` runs in a trusted window, `restricted/` in an untrusted one. Prints TAP lines and `N passed, N failed`.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/process.ts';
import { makeRepository } from '../../scripts/sample-workspace.ts';
import { bundleSuite, type Suite } from './bundle.ts';
import { runInDesktop, wantsDesktop } from './desktop.ts';
import { printReport, type Tally } from './report.ts';
import { type HostRun, runInWeb } from './web.ts';

const suites: readonly Suite[] = ['suite', 'restricted'];
const filter = process.argv[2] ?? '';
const tallies: Tally[] = [];
for (const suite of suites) tallies.push(await runSuite(suite));

const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function runSuite(suite: Suite): Promise<Tally> {
  const base = await mkdtemp(path.join(tmpdir(), 'host-'));
  const folder = path.join(base, 'workspace');
  const report = path.join(base, 'report.jsonl');
  try {
    await makeRepository(folder);
    const hostRun: HostRun = {
      suite,
      tests: await bundleSuite(suite),
      folder,
      timeoutMs: 300_000,
      env: {
        ...process.env,
        HOST_TEST_REPORT: report,
        HOST_TEST_CLI: path.join(root, 'dist', 'cli.cjs'),
        HOST_TEST_NODE: process.execPath,
        HOST_TEST_FILTER: filter,
      },
    };
    // The runner of @vscode/test-electron always trusts the folder, so a restricted window is always a web one.
    const desktop = suite === 'suite' && wantsDesktop();
    const problem = await (desktop ? runInDesktop(hostRun) : runInWeb(hostRun));
    const window = suite === 'suite' ? 'a trusted window' : 'a restricted window';
    return printReport(
      report,
      `${window} of ${desktop ? 'the desktop VS Code' : 'the web workbench'}`,
      problem,
      filter,
    );
  } finally {
    await rm(base, { recursive: true, force: true, maxRetries: 5 });
  }
}
