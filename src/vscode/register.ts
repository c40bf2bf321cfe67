import * as vscode from 'vscode';
import type { CommandId, ContextValues, SettingValues } from './contributions.ts';

/**
 * The only door to `registerCommand`. Arguments come from anywhere (keybindings, other extensions, links), so a
 * handler takes them as unknown. Resolves when the command is done; errors are shown by the handler's caller, not here.
 */
export function registerCommand(id: CommandId, run: (...args: unknown[]) => Promise<void>): vscode.Disposable {
  return vscode.commands.registerCommand(id, run);
}

/** Writes context keys, and only when they change: each write is a message to the window. */
export class ContextKeys {
  private readonly written = new Map<string, unknown>();

  set<K extends keyof ContextValues>(key: K, value: ContextValues[K]): void {
    const before = this.written.get(key);
    if (before === value || (Array.isArray(before) && String(before) === String(value))) return;
    this.written.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }

  /** Context keys outlive the extension host; the next activation starts without the old values. */
  dispose(): void {
    for (const key of this.written.keys()) void vscode.commands.executeCommand('setContext', key, undefined);
    this.written.clear();
  }
}

/** Reads a setting. One with the scope `resource` can differ between folders. */
export function setting<K extends keyof SettingValues>(
  key: K,
  fallback: SettingValues[K],
  resource?: vscode.Uri,
): SettingValues[K] {
  return vscode.workspace.getConfiguration(undefined, resource).get<SettingValues[K]>(key, fallback);
}
