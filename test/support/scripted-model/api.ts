import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type ModelTurn, piecesOf } from './turn.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A vendor's model API: how requests are recognised and how a turn is written in its words. */
export interface ModelApi {
  /** The end of the base URL that agents are configured with. */
  readonly basePath: string;
  /**
   * `turn` takes a turn of the script, `side` is a call beside the conversation (a title, a router) that takes none; an
   * object is the whole answer; undefined is an unknown path.
   */
  route(method: string, path: string, body: Fields): 'turn' | 'side' | object | undefined;
  /** The text of the answer to a side call; a short title by default. */
  sideText?(body: Fields): string;
  modelOf(path: string, body: Fields): string;
  toolsOf(body: Fields): string[];
  /** Writes a whole turn; never called with an error. A `hang` turn stops after its text. */
  write(out: Stream, turn: ModelTurn, path: string, model: string, body: Fields): Promise<void>;
  errorBody(status: number, message: string): object;
}

/** The response of one request. */
export class Stream {
  readonly response: ServerResponse;

  constructor(response: ServerResponse) {
    this.response = response;
  }

  begin(): void {
    this.response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  }

  /** One server-sent event; its name is given where the vendor sends names. */
  event(data: object, name?: string): void {
    this.response.write(`${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`);
  }

  json(value: object): void {
    this.response.writeHead(200, { 'content-type': 'application/json' });
    this.response.end(JSON.stringify(value));
  }

  /** Sends the text of a turn piece by piece. */
  async pieces(turn: ModelTurn, send: (piece: string) => void): Promise<void> {
    for (const piece of piecesOf(turn.text)) {
      send(piece);
      if (turn.pieceMs !== undefined) await delay(turn.pieceMs);
    }
  }

  end(): void {
    this.response.end();
  }
}

/** The `name` of each tool, wherever the vendor puts it. */
export function namesIn(tools: unknown): string[] {
  if (!Array.isArray(tools)) return [];
  return tools.flatMap(
    (tool: { name?: string; type?: string; function?: { name: string }; functionDeclarations?: unknown }) =>
      tool.functionDeclarations !== undefined
        ? namesIn(tool.functionDeclarations)
        : [tool.function?.name ?? tool.name ?? tool.type ?? ''],
  );
}

let calls = 0;

/** A new id of a tool call or message. */
export function newId(prefix: string): string {
  calls += 1;
  return `${prefix}_${process.pid}${calls}`;
}
