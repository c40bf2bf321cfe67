import { exitCodes } from './exit-codes.ts';

/**
 * Ctrl-C for commands that wait. The handler is installed on first use, so that other commands end normally. The first
 * Ctrl-C stops the command, the second ends the process immediately.
 */
export function interruption(process: NodeJS.Process): () => AbortSignal {
  let controller: AbortController | undefined;
  return () => {
    if (controller !== undefined) return controller.signal;
    const created = new AbortController();
    controller = created;
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (created.signal.aborted) process.exit(exitCodes.interrupted);
        created.abort();
      });
    }
    return created.signal;
  };
}
