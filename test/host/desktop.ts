import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests, type TestOptions } from '@vscode/test-electron';
import { root } from '../../scripts/process.ts';
import { type HostRun, modelProvider } from './web.ts';

/**
 * Whether to run in a desktop VS Code: the one that VSCODE_EXECUTABLE_PATH names, or, where VSCODE_DOWNLOAD=1 says that the
 * network allows it, a downloaded one. Never tried without being told: a download hangs on a machine that is offline.
 */
export function wantsDesktop(): boolean {
  return Boolean(process.env.VSCODE_EXECUTABLE_PATH) || process.env.VSCODE_DOWNLOAD === '1';
}

/** Runs a suite in the extension host of a desktop VS Code. Returns what went wrong outside the tests, or undefined. */
export async function runInDesktop(hostRun: HostRun): Promise<string | undefined> {
  // A short path: VS Code makes a socket in its data folder, whose name the system limits to about 100 characters.
  const data = await mkdtemp(path.join(tmpdir(), 'vsc-'));
  const executable = process.env.VSCODE_EXECUTABLE_PATH;
  const options: TestOptions = {
    ...(executable ? { vscodeExecutablePath: executable } : {}),
    extensionDevelopmentPath: [root, modelProvider],
    extensionTestsPath: hostRun.tests,
    extensionTestsEnv: hostRun.env,
    launchArgs: [
      hostRun.folder,
      '--disable-extensions',
      '--user-data-dir',
      data,
      '--extensions-dir',
      path.join(data, 'ext'),
    ],
  };
  try {
    const code = await runTests(options);
    return code === 0 ? undefined : `VS Code ended with code ${code}.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  }
}
