import type { McpServer } from '@modelcontextprotocol/server';
import { type Disposable, DisposableStack } from '../core/disposable.ts';
import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import type { OperationContext } from '../operations/context.ts';
import { Coalescer } from './changes/coalescer.ts';
import { watchResources } from './changes/watch.ts';
import { instructionsOf } from './instructions.ts';
import { serveResources } from './resources/serve.ts';
import { parseResource } from './resources/uri.ts';
import type { TaskScope } from './scope.ts';
import { createServer, serveTools } from './server.ts';
import type { ToolGroup } from './tools/groups.ts';
import { OperationTools } from './tools/operation-set.ts';

/** Notifications per resource: five a second. */
const NOTIFY_MS = 200;

/** The tools and the version that a server of a folder offers. */
export interface Offer {
  readonly groups: readonly ToolGroup[];
  readonly version: string;
  /** Undefined for all tasks of the folder. */
  readonly scope?: TaskScope | undefined;
}

/** @throws TaskError `Untrusted` in a restricted folder */
export function requireTrust(context: OperationContext): void {
  if (context.trusted()) return;
  throw new TaskError('Untrusted', 'A restricted folder has no MCP server.', {
    next: [textStep('Trust the folder first.')],
  });
}

/** A server of a folder for one client or one request. @param subscriptions of a client with a session */
export function taskServer(
  context: OperationContext,
  { groups, version, scope }: Offer,
  subscriptions = new Set<string>(),
): McpServer {
  const server = createServer({ version, instructions: instructionsOf(context, scope !== undefined) }, true);
  serveTools(server, new OperationTools(context, groups, scope));
  serveResources(server, context, { subscriptions, scope });
  return server;
}

/** Receives the changes of resources, at most five a second for each. */
export interface ChangeSink {
  updated(uri: string): Promise<void>;
  listed(): Promise<void>;
}

/** The wanted notifications. */
interface Wanted {
  /** Undefined if the sink filters. */
  readonly subscriptions?: Set<string> | undefined;
  readonly scope?: TaskScope | undefined;
}

/** Notifies a client of changed resources. */
export function notifyChanges(
  context: OperationContext,
  sink: ChangeSink,
  { subscriptions, scope }: Wanted = {},
): Disposable {
  const stack = new DisposableStack();
  const updates = stack.add(new Coalescer((uri) => sink.updated(uri), NOTIFY_MS));
  const lists = stack.add(new Coalescer(() => sink.listed(), NOTIFY_MS));
  stack.add(
    watchResources(context.store, {
      updated: (uri) => {
        const isWanted = subscriptions === undefined || subscriptions.has(uri);
        if (isWanted && isInScope(uri, scope)) updates.changed(uri);
      },
      listed: () => lists.changed('list'),
    }),
  );
  return stack;
}

/** Notifies the one client of a server. */
export function notifyClient(context: OperationContext, { server }: McpServer, wanted: Wanted = {}): Disposable {
  const sink = {
    updated: (uri: string) => server.sendResourceUpdated({ uri }),
    listed: () => server.sendResourceListChanged(),
  };
  return notifyChanges(context, sink, wanted);
}

function isInScope(uri: string, scope: TaskScope | undefined): boolean {
  const address = scope === undefined ? undefined : parseResource(uri);
  return address === undefined || scope?.includes(address) === true;
}
