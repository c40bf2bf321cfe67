import * as vscode from 'vscode';
import { commandIds } from '../contributions.ts';
import { registerCommand } from '../register.ts';
import type { CommandContext } from './context.ts';

/** Registers every command. Each waits for the stores that it needs, and shows its errors. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const registered = commandIds.map((id) =>
    registerCommand(id, async (...args) => {
      try {
        // The table is not read before the first command.
        const { loaders } = await import('./loaders.ts');
        const handler = await loaders[id]();
        await handler(context, args);
      } catch (error) {
        const { showError } = await import('../feedback/errors.ts');
        // Not awaited: the command has ended, while its message may stay open.
        void showError(error, context.logger);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
