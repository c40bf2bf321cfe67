import { randomUUID } from 'node:crypto';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import type { OperationContext } from '../operations/context.ts';
import { notifyClient, type Offer, taskServer } from './task-server.ts';

/** Sessions at once; the one that was silent for the longest time ends for a new one. */
const MAX_SESSIONS = 100;

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  close(): Promise<void>;
}

interface SessionOptions extends Offer {
  readonly maxBodyBytes: number;
}

/**
 * Clients of 2025-11-25 over HTTP. A session keeps their subscriptions and the stream on which they receive
 * notifications.
 */
export class HttpSessions {
  private readonly context: OperationContext;
  private readonly options: SessionOptions;
  /** The session that was used last comes last. */
  private readonly sessions = new Map<string, Session>();

  constructor(context: OperationContext, options: SessionOptions) {
    this.context = context;
    this.options = options;
  }

  /** Answers a request of a session. One without a session can only begin one. */
  async fetch(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id === null) return await this.begin(request);
    const session = this.sessions.get(id);
    if (session === undefined) return new Response(null, { status: 404 });
    this.sessions.delete(id);
    this.sessions.set(id, session);
    return await session.transport.handleRequest(request);
  }

  async close(): Promise<void> {
    await Promise.all([...this.sessions.values()].map((session) => session.close()));
  }

  private async begin(request: Request): Promise<Response> {
    const { maxBodyBytes: maxRequestBodySize } = this.options;
    const subscriptions = new Set<string>();
    const server = taskServer(this.context, this.options, subscriptions);
    const watched = notifyClient(this.context, server, { subscriptions, scope: this.options.scope });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      maxRequestBodySize,
      onsessioninitialized: (id) => this.add(id, session),
      onsessionclosed: (id) => void this.sessions.delete(id),
    });
    const session: Session = { transport, close: () => server.close() };
    server.server.onclose = () => {
      watched.dispose();
      if (transport.sessionId !== undefined) this.sessions.delete(transport.sessionId);
    };
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    // It was no request to begin a session.
    if (transport.sessionId === undefined || !this.sessions.has(transport.sessionId)) await server.close();
    return response;
  }

  private add(id: string, session: Session): void {
    this.sessions.set(id, session);
    const [oldest] = this.sessions.values();
    if (this.sessions.size > MAX_SESSIONS) void oldest?.close();
  }
}
