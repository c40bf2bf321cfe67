import { connect, createServer, type Server, type Socket } from 'node:net';
import { until } from './temp-folder.ts';

interface State {
  marker: string | undefined;
  silent: boolean;
  lost: string | undefined;
  readonly held: { readonly data: Buffer; readonly upstream: Socket; readonly client: Socket }[];
}

/** A connection between a client and a server that can break while a request is on its way. */
export class Relay {
  readonly port: number;
  private readonly server: Server;
  private readonly pairs: Set<{ client: Socket; upstream: Socket }>;
  private readonly state: State;

  private constructor(server: Server, port: number, pairs: Relay['pairs'], state: State) {
    this.server = server;
    this.port = port;
    this.pairs = pairs;
    this.state = state;
  }

  static async start(target: number): Promise<Relay> {
    const pairs: Relay['pairs'] = new Set();
    const state: State = { marker: undefined, silent: false, lost: undefined, held: [] };
    const server = createServer((client) => {
      const upstream = connect(target, '127.0.0.1');
      pairs.add({ client, upstream });
      client.on('data', (data) => {
        if (state.silent) return;
        const isHeld = state.held.some((each) => each.client === client);
        const isMarked = state.marker !== undefined && state.held.length === 0 && data.includes(state.marker);
        if (isHeld || isMarked) state.held.push({ data, upstream, client });
        else upstream.write(data);
      });
      upstream.on('data', (data) => {
        const isLost = state.lost !== undefined && data.includes(state.lost);
        if (!state.silent && !isLost) client.write(data);
      });
      client.on('error', () => {});
      upstream.on('error', () => {});
      upstream.on('close', () => client.destroy());
      client.on('close', () => {
        if (!state.held.some((each) => each.client === client)) upstream.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    return new Relay(server, address.port, pairs, state);
  }

  /** Drops all data in both directions from now on, while the connections stay open: they are half-open. */
  silence(silent: boolean): void {
    this.state.silent = silent;
  }

  /** Drops answers of the server that contain a text, as a pooler drops notices. */
  lose(text: string): void {
    this.state.lost = text;
  }

  /** Breaks all connections. */
  cutAll(): void {
    for (const { client, upstream } of this.pairs) {
      client.destroy();
      upstream.destroy();
    }
  }

  /** Keeps the next data that contain a text, and everything after them from the same client. */
  hold(marker: string): void {
    this.state.marker = marker;
  }

  get isHolding(): boolean {
    return this.state.held.length > 0;
  }

  /** Breaks the connection of the client whose data is held; the server does not notice. */
  cut(): void {
    for (const { client } of this.state.held) client.destroy();
    this.state.marker = undefined;
  }

  /** Delivers what was held, and waits for the answer of the server. */
  async release(): Promise<void> {
    const [first] = this.state.held;
    if (first === undefined) throw new Error('nothing is held');
    let answer = '';
    first.upstream.on('data', (data) => {
      answer += data.toString('latin1');
    });
    for (const { data, upstream } of this.state.held) upstream.write(data);
    // ReadyForQuery: the server has executed it, or refused it.
    await until('the server answers', () => answer.at(-6) === 'Z');
  }

  end(): void {
    this.cutAll();
    this.server.close();
  }
}
