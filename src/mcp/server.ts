import type { CallToolResult, InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import { CLIENT_CAPABILITIES_META_KEY, inputRequired, inputResponse, McpServer } from '@modelcontextprotocol/server';
import type { PersonAnswer, PersonQuestion } from './tools/confirm.ts';
import type { CallOptions, ToolSet } from './tools/operation-set.ts';
import type { ToolResult } from './tools/result.ts';

const QUESTION = 'confirm';

/** The identity of the server and its directions for a model. */
export interface ServerInfo {
  readonly version: string;
  readonly instructions: string;
}

/** The capabilities of a server; one without resources offers tools alone. */
export function createServer({ version, instructions }: ServerInfo, hasResources: boolean): McpServer {
  return new McpServer(
    { name: 'systemprompt-tasks', title: 'SystemPrompt Tasks', version },
    {
      instructions,
      capabilities: {
        tools: {},
        ...(hasResources ? { resources: { subscribe: true, listChanged: true }, prompts: {}, completions: {} } : {}),
      },
    },
  );
}

/** Offers the tools of a set. A question for the person is an elicitation, which clients of both generations answer. */
export function serveTools(server: McpServer, tools: ToolSet): void {
  const { server: protocol } = server;
  protocol.setRequestHandler('tools/list', async () => ({
    tools: (await tools.list()).map((tool) => ({ ...tool }) as never),
  }));
  protocol.setRequestHandler('tools/call', async ({ params }, context) => {
    const answer = await tools.call(params.name, params.arguments ?? {}, callOptions(server, context));
    return 'content' in answer ? callResult(answer) : asked(answer);
  });
}

function callResult({ content, structuredContent, isError }: ToolResult): CallToolResult {
  return { content, structuredContent, ...(isError === undefined ? {} : { isError }) } as CallToolResult;
}

function asked({ message, state }: PersonQuestion): InputRequiredResult {
  return inputRequired({
    inputRequests: {
      [QUESTION]: inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: {} } }),
    },
    requestState: state,
  });
}

function callOptions(server: McpServer, { mcpReq }: ServerContext): CallOptions {
  const state: unknown = mcpReq.requestState();
  return {
    canAsk: canAsk(server, mcpReq.envelope),
    answer: answerOf(mcpReq.inputResponses),
    state: typeof state === 'string' ? state : undefined,
    signal: mcpReq.signal,
  };
}

function canAsk(server: McpServer, envelope: object | undefined): boolean {
  const declared =
    (envelope as Readonly<Record<string, unknown>> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ??
    server.server.getClientCapabilities();
  const { elicitation } = (declared ?? {}) as { elicitation?: { form?: unknown; url?: unknown } };
  // An empty object stands for forms.
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
}

function answerOf(responses: Readonly<Record<string, unknown>> | undefined): PersonAnswer {
  const response = inputResponse(responses, QUESTION);
  return response.kind === 'elicit' ? response.action : undefined;
}
