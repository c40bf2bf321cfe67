import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/process.ts';
import { linkExtension } from '../../scripts/workbench/extension.ts';
import { ensureWorkbench } from '../../scripts/workbench/install.ts';
import { startServer } from '../../scripts/workbench/server.ts';
import { testSettings } from '../../scripts/workbench/settings.ts';
import { launchBrowser } from '../support/browser.ts';
import type { Suite } from './bundle.ts';

/** An extension that provides a model, so that the tests need no account. */
export const modelProvider = path.join(root, 'test', 'host', 'model-provider');

/** One run of a suite in a window of its own. */
export interface HostRun {
  readonly suite: Suite;
  /** The bundle that exports `run`. */
  readonly tests: string;
  /** The folder to open. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

/**
 * Runs a suite in the extension host of the web workbench: a real Node extension host, without a desktop VS Code.
 * The extension is loaded from this checkout as under development. Returns what went wrong outside the tests, or undefined.
 */
export async function runInWeb(hostRun: HostRun): Promise<string | undefined> {
  const workbench = await ensureWorkbench();
  const restricted = hostRun.suite === 'restricted';
  const extensionsDir = path.join(path.dirname(hostRun.folder), 'extensions');
  await linkExtension(extensionsDir, modelProvider);
  const server = await startServer(workbench, {
    trust: restricted ? 'on' : 'off',
    testDriver: true,
    extensionsDir,
    forTests: true,
    env: hostRun.env,
    // Without a prompt the window opens restricted, and stays so.
    settings: testSettings('dark', { 'security.workspace.trust.startupPrompt': 'never' }),
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const { promise: exited, resolve: exit } = Promise.withResolvers<string | undefined>();
    await page.exposeFunction('codeAutomationLog', () => undefined);
    await page.exposeFunction('codeAutomationExit', (code: number) => {
      exit(code === 0 ? undefined : `The extension host ended with code ${code}.`);
    });
    page.once('crash', () => exit('The browser page crashed.'));
    void server.ended.then(() => exit('The workbench server ended.'));
    const timer = setTimeout(
      () => exit(`The window did not finish in ${hostRun.timeoutMs / 1000} s.`),
      hostRun.timeoutMs,
    );

    const remote = (file: string): string => `vscode-remote://127.0.0.1:${server.port}${file}`;
    const payload = [
      ['extensionDevelopmentPath', remote(root)],
      ['extensionTestsPath', remote(hostRun.tests)],
    ];
    await page.goto(server.address(hostRun.folder, { payload: JSON.stringify(payload) }), {
      timeout: hostRun.timeoutMs,
    });
    const problem = await exited;
    clearTimeout(timer);
    return problem === undefined ? undefined : `${problem}\n${readFileSync(server.logFile, 'utf8').slice(-3000)}`;
  } finally {
    await browser.close();
    await server.stop();
  }
}
