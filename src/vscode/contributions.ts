import * as vscode from 'vscode';

/** The ids of package.json's `contributes`; a test holds both against each other. */
export const commandIds = [
  'systemprompt.task.create',
  'systemprompt.task.start',
  'systemprompt.task.cancel',
  'systemprompt.task.showLog',
  'systemprompt.task.followUp',
  'systemprompt.task.complete',
  'systemprompt.task.restart',
  'systemprompt.task.delete',
  'systemprompt.task.openFile',
  'systemprompt.task.copyId',
  'systemprompt.approval.approve',
  'systemprompt.approval.approveForTask',
  'systemprompt.approval.reject',
  'systemprompt.approval.show',
  'systemprompt.approval.later',
  'systemprompt.tasks.refresh',
  'systemprompt.tasks.showMore',
  'systemprompt.showOutput',
] as const;

export type CommandId = (typeof commandIds)[number];

export const viewIds = { tasks: 'systemprompt.tasks' } as const;

/** The context keys that `when` clauses read, with the values each can have. */
export interface ContextValues {
  /** What the view has to show: `failed` and `empty` bring up a welcome text. */
  'systemprompt.state': 'none' | 'loading' | 'empty' | 'ready' | 'failed';
  'systemprompt.hasTasks': boolean;
  'systemprompt.needsApproval': boolean;
}

export interface SettingValues {
  'systemprompt.notifyApprovals': boolean;
}

/** Scheme of the read-only documents that show what a person is asked; `when: resourceScheme == …` in package.json. */
export const requestScheme = 'systemprompt-request';

/**
 * The only door to `registerCommand`. Arguments come from anywhere (keybindings, other extensions, links), so a
 * handler takes them as unknown. Resolves when the command is done; errors are shown by the handler's caller, not here.
 */
export function registerCommand(id: CommandId, run: (...args: unknown[]) => Promise<void>): vscode.Disposable {
  return vscode.commands.registerCommand(id, run);
}

/** A `command:` link to one of our commands, for messages. */
export function commandLink(id: CommandId, ...args: readonly (string | number)[]): string {
  // Parentheses would end the link early.
  const encoded = encodeURIComponent(JSON.stringify(args)).replace(/\(/g, '%28').replace(/\)/g, '%29');
  return `command:${id}?${encoded}`;
}

/** Writes context keys, and only when they change: each write is a message to the window. */
export class ContextKeys {
  private readonly written = new Map<string, unknown>();

  set<K extends keyof ContextValues>(key: K, value: ContextValues[K]): void {
    if (this.written.get(key) === value) return;
    this.written.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }

  /** Keys outlive the extension host; the next activation begins without what this one said. */
  dispose(): void {
    for (const key of this.written.keys()) void vscode.commands.executeCommand('setContext', key, undefined);
    this.written.clear();
  }
}

export function setting<K extends keyof SettingValues>(key: K, fallback: SettingValues[K]): SettingValues[K] {
  return vscode.workspace.getConfiguration().get<SettingValues[K]>(key, fallback);
}
