import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension-api.ts';
import type { TaskStore } from '../../../src/store/task-store.ts';

/** What the extension gives to others once it is active. */
export async function api(): Promise<ExtensionApi> {
  const extension = vscode.extensions.getExtension<ExtensionApi>('systemprompt.systemprompt-tasks');
  if (extension === undefined) throw new Error('the extension is not installed');
  return extension.activate();
}

/** The store that the extension has open for the folder under test. */
export async function store(): Promise<TaskStore> {
  return (await api()).getStore();
}

/** Runs a command of the extension; what it would have told the person as an error is thrown. */
export async function command(id: string, ...args: readonly unknown[]): Promise<void> {
  const shown = replaceWindow('showErrorMessage', async () => undefined);
  try {
    await vscode.commands.executeCommand(id, ...args);
    // The command is over before its error message is shown.
    await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    shown.restore();
  }
  const [first] = shown.calls;
  if (first !== undefined) throw new Error(String(first[0]));
}

type Asking = 'showErrorMessage' | 'showWarningMessage' | 'showInformationMessage' | 'showInputBox';

/** Puts an answer in the place of a question to the person, and notes what was asked. */
export function replaceWindow(
  name: Asking,
  answer: (...args: unknown[]) => Promise<unknown>,
): { readonly calls: unknown[][]; restore(): void } {
  const window = vscode.window as unknown as Record<Asking, (...args: unknown[]) => Promise<unknown>>;
  const original = window[name];
  const calls: unknown[][] = [];
  window[name] = (...args) => {
    calls.push(args);
    return answer(...args);
  };
  return { calls, restore: () => Object.assign(window, { [name]: original }) };
}
