import * as vscode from 'vscode';
import type { StepOptions } from '../../core/steps.ts';
import { plainMessage } from '../present/markdown.ts';

/** Runs an operation under a notification, which shows its steps and can cancel between two of them. */
export async function withSteps<T>(
  title: string,
  cancellable: boolean,
  run: (options: StepOptions) => Promise<T>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress(
    { location, title: plainMessage(title), cancellable },
    async (notification, token) => {
      const controller = new AbortController();
      const listener = token.onCancellationRequested(() => controller.abort(new vscode.CancellationError()));
      let shown = 0;
      try {
        return await run({
          signal: controller.signal,
          progress({ done, total, message }) {
            notification.report({ message: plainMessage(message), increment: ((done - shown) / total) * 100 });
            shown = done;
          },
        });
      } finally {
        listener.dispose();
      }
    },
  );
}
