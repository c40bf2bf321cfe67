import type * as vscode from 'vscode';
import type { ExtensionApi } from './extension-api.ts';
import { App } from './vscode/app.ts';

let app: App | undefined;

/**
 * Registers everything synchronously; commands and views wait for the stores themselves. The result is the API for
 * other extensions and needs the library.
 */
export function activate(context: vscode.ExtensionContext): Promise<ExtensionApi> {
  app = new App(context);
  return app.api();
}

/** The editor awaits it, so that the last writes reach the disk. */
export async function deactivate(): Promise<void> {
  const closing = app;
  app = undefined;
  await closing?.close();
}
