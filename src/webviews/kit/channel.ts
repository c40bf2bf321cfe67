import {
  type EventData,
  type EventName,
  hostMessageSchema,
  type InputOf,
  type OutputOf,
  type PageRequest,
  type Protocol,
  type RequestName,
} from './protocol.ts';

interface Waiting {
  readonly name: string;
  resolve(output: unknown): void;
  reject(error: Error): void;
}

/** The page's end of the connection to its host. */
export class Channel<P extends Protocol> {
  private readonly protocol: P;
  private readonly post: (message: PageRequest) => void;
  private readonly waiting = new Map<number, Waiting>();
  private readonly listeners = new Map<string, (data: never) => void>();
  private lastId = 0;

  constructor(protocol: P, post: (message: PageRequest) => void) {
    this.protocol = protocol;
    this.post = post;
  }

  /**
   * Asks the host. Rejects with the host's sentences if the host fails, and if the reply does not match the protocol.
   */
  request<N extends RequestName<P>>(name: N, input: InputOf<P, N>): Promise<OutputOf<P, N>> {
    this.lastId += 1;
    const id = this.lastId;
    const reply = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { name, resolve, reject }));
    this.post({ kind: 'request', id, name, input });
    return reply as Promise<OutputOf<P, N>>;
  }

  /** Sets the one listener of an event. */
  on<N extends EventName<P>>(name: N, listener: (data: EventData<P, N>) => void): void {
    this.listeners.set(name, listener);
  }

  /**
   * Handles a message of the host.
   *
   * @throws Error if the message does not match the protocol: the two sides are from different builds
   */
  receive(value: unknown): void {
    const message = hostMessageSchema.parse(value);
    if (message.kind === 'event') {
      const data = this.protocol.events[message.name]?.parse(message.data);
      this.listeners.get(message.name)?.(data as never);
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (waiting === undefined) return;
    if (message.kind === 'failed') {
      waiting.reject(new Error(message.message));
      return;
    }
    const parsed = this.protocol.requests[waiting.name]?.output.safeParse(message.output);
    if (parsed?.success === true) waiting.resolve(parsed.data);
    else waiting.reject(new Error(`The reply to "${waiting.name}" does not match the protocol.`));
  }
}
