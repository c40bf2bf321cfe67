import type * as vscode from 'vscode';
import type { ExtensionApi } from './extension-api.ts';
import { App } from './vscode/app.ts';

let app: App | undefined;

/**
 * Everything is registered before this returns; commands and views wait for the stores themselves. What it resolves
 * with is for other extensions and needs the library.
 */
export function activate(context: vscode.ExtensionContext): Promise<ExtensionApi> {
  app = new App(context);
  return app.api();
}

/** The editor waits for it, so that what was written last reaches the disk. */
export async function deactivate(): Promise<void> {
  const closing = app;
  app = undefined;
  await closing?.close();
}
