import * as z from 'zod/mini';
import { Channel } from './channel.ts';
import type { PageRequest, Protocol } from './protocol.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: PageRequest): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** The connection of a page to its host, and the state that survives a hidden view and a window reload. */
export interface Connection<P extends Protocol, S> {
  readonly channel: Channel<P>;
  /** The state that was saved last, if it still has the expected shape. */
  readonly saved: S | undefined;
  save(state: S): void;
}

/** Connects the page. Call it once: VS Code hands out its API object only once per page. */
export function connect<P extends Protocol, S>(protocol: P, state: z.ZodMiniType<S>): Connection<P, S> {
  // The policy of the page forbids `eval`, with which zod would otherwise try to compile schemas.
  z.config({ jitless: true });
  const vscode = acquireVsCodeApi();
  const channel = new Channel(protocol, (message) => vscode.postMessage(message));
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => channel.receive(data));
  return { channel, saved: state.safeParse(vscode.getState()).data, save: (value) => vscode.setState(value) };
}
