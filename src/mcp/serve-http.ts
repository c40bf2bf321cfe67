import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { TaskError } from '../core/errors.ts';
import { textStep } from '../core/next-step.ts';
import type { OperationContext } from '../operations/context.ts';
import { HttpSessions } from './http-sessions.ts';
import { notifyChanges, type Offer, requireTrust, taskServer } from './task-server.ts';

const MAX_BODY_BYTES = 4_000_000;
const PATH = '/mcp';

interface HttpOptions extends Offer {
  /** 0 chooses a free port. */
  readonly port: number;
}

/** A server on loopback. */
export interface HttpServer {
  readonly url: string;
  /** The secret that clients send as a bearer token. New for each server. */
  readonly token: string;
  close(): Promise<void>;
}

/**
 * Serves the tasks of a folder over HTTP, on this machine only. A request needs the token, and a `Host` and `Origin` of
 * loopback: a page in a browser cannot reach the server by a name that it points here.
 *
 * @throws TaskError `Untrusted` in a restricted folder, `InvalidInput` if the port is in use
 */
export async function serveHttp(context: OperationContext, { port, ...offer }: HttpOptions): Promise<HttpServer> {
  requireTrust(context);
  const token = randomBytes(32).toString('base64url');
  const handler = createMcpHandler(() => taskServer(context, offer), {
    legacy: 'reject',
    maxRequestBodySize: MAX_BODY_BYTES,
    onerror: (error) => context.logger.warn(`MCP: ${error.message}`),
  });
  const sessions = new HttpSessions(context, { ...offer, maxBodyBytes: MAX_BODY_BYTES });
  const answer = async (request: Request): Promise<Response> =>
    (await isLegacyRequest(request)) ? sessions.fetch(request) : handler.fetch(request);
  const sink = {
    updated: async (uri: string) => handler.notify.resourceUpdated(uri),
    listed: async () => handler.notify.resourcesChanged(),
  };
  const watched = notifyChanges(context, sink, { scope: offer.scope });
  const http = createServer((request, response) => {
    const refused = refusal(request, token);
    if (refused !== undefined) response.writeHead(refused, { connection: 'close' }).end();
    else void pass(request, response, answer).catch(() => response.destroy());
  });
  await listening(http, port);
  const { port: chosen } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${chosen}${PATH}`,
    token,
    close: async () => {
      watched.dispose();
      await Promise.all([handler.close(), sessions.close()]);
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

async function listening(http: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen(port, '127.0.0.1', resolve);
    });
  } catch (error) {
    throw new TaskError('InvalidInput', `Port ${port} cannot be used: ${(error as Error).message}.`, {
      next: [textStep('Choose another port, or leave it out.')],
      cause: error,
    });
  }
}

/** The status of a request that is refused. The token is compared last and in constant time. */
function refusal({ headers, url }: IncomingMessage, token: string): number | undefined {
  if (!isLoopback(`http://${headers.host ?? ''}`)) return 403;
  if (headers.origin !== undefined && !isLoopback(headers.origin)) return 403;
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), digest(token))) return 401;
  return url?.split('?', 1)[0] === PATH ? undefined : 404;
}

function isLoopback(address: string): boolean {
  try {
    return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);
  } catch {
    return false;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Passes a request to the library, which speaks the web's own requests and responses. */
async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  fetch: (request: Request) => Promise<Response>,
): Promise<void> {
  const ended = new AbortController();
  response.once('close', () => ended.abort());
  const { method = 'GET', url = '/' } = request;
  const body = method === 'GET' || method === 'HEAD' ? undefined : await bodyOf(request);
  if (body === null) return void response.writeHead(413, { connection: 'close' }).end();
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name !== 'authorization') headers.set(name, [value].flat().join(', '));
  }
  const answer = await fetch(
    new Request(new URL(url, 'http://localhost'), { method, headers, body: body ?? null, signal: ended.signal }),
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) return void response.end();
  // A stream of events may be silent for long: the client waits for the headers.
  response.flushHeaders();
  // It waits for a client that does not read, and ends the stream of one that has gone.
  await pipeline(Readable.fromWeb(answer.body), response);
}

/** Null for a body over the limit. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
