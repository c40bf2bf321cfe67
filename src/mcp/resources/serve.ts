import type { McpServer } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError } from '@modelcontextprotocol/server';
import { TaskError } from '../../core/errors.ts';
import type { OperationContext } from '../../operations/context.ts';
import { prompts, promptText } from '../prompts.ts';
import type { TaskScope } from '../scope.ts';
import { completionsOf, listResources, templatesOf } from './list.ts';
import { readResource } from './read.ts';
import { parseResource } from './uri.ts';

const MAX_SUBSCRIPTIONS = 1_000;

/**
 * Offers tasks as resources, and the prompts.
 *
 * @param options.subscriptions URIs that a client of 2025 subscribed to; clients of 2026 subscribe in the library
 * @param options.scope undefined for all tasks
 */
export function serveResources(
  server: McpServer,
  context: OperationContext,
  { subscriptions, scope }: { subscriptions: Set<string>; scope: TaskScope | undefined },
): void {
  const { server: protocol } = server;
  protocol.setRequestHandler('resources/list', ({ params }) =>
    known(() => listResources(context, params?.cursor, scope)),
  );
  protocol.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: templatesOf(scope) }));
  protocol.setRequestHandler('resources/read', async ({ params: { uri } }) => {
    const read = await known(() => readResource(context, uri, scope), uri);
    return { contents: [{ uri, ...read }] };
  });
  protocol.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
    const address = parseResource(uri);
    if (address === undefined || scope?.includes(address) === false) throw new ResourceNotFoundError(uri.slice(0, 200));
    if (subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidRequest,
        `A client can subscribe to ${MAX_SUBSCRIPTIONS} resources.`,
      );
    }
    subscriptions.add(uri);
    return {};
  });
  protocol.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    subscriptions.delete(uri);
    return {};
  });
  protocol.setRequestHandler('prompts/list', () => ({
    prompts: prompts.map(({ name, title, description, arguments: values }) => ({
      name,
      title,
      description,
      arguments: values.map((value) => ({ ...value })),
    })),
  }));
  protocol.setRequestHandler('prompts/get', ({ params }) =>
    known(() => ({
      messages: [
        {
          role: 'user' as const,
          content: { type: 'text' as const, text: promptText(params.name, params.arguments ?? {}) },
        },
      ],
    })),
  );
  protocol.setRequestHandler('completion/complete', async ({ params: { argument } }) => {
    await context.store.refresh();
    return { completion: completionsOf(scope?.tasks() ?? context.store.view.all(), argument.name, argument.value) };
  });
}

/** Errors of the product as errors of the protocol, with their code and next steps. */
async function known<T>(action: () => T | Promise<T>, uri?: string): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const { code, message, next } = TaskError.from(error);
    const isMissing = code === 'TaskNotFound' && uri !== undefined;
    const kind = code === 'Internal' ? ProtocolErrorCode.InternalError : ProtocolErrorCode.InvalidParams;
    const data = { code, next: JSON.parse(JSON.stringify(next)), ...(isMissing ? { uri: uri.slice(0, 200) } : {}) };
    throw new ProtocolError(kind, message, data);
  }
}
