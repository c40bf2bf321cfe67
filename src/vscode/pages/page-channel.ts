import type { Logger } from '../../core/logger.ts';
import {
  type EventData,
  type EventName,
  type HostMessage,
  type InputOf,
  type OutputOf,
  type Protocol,
  type RequestName,
  requestSchema,
} from '../../webviews/kit/protocol.ts';

/** Handles the requests of a page. An error of a handler becomes the reply. */
export type PageHandlers<P extends Protocol> = {
  readonly [N in RequestName<P>]: (input: InputOf<P, N>) => Promise<OutputOf<P, N>> | OutputOf<P, N>;
};

interface ChannelOptions<P extends Protocol> {
  readonly protocol: P;
  readonly handlers: PageHandlers<P>;
  readonly logger: Logger;
  readonly post: (message: HostMessage) => void;
  /** Turns an error into the sentences that the page shows. */
  readonly describe: (error: unknown) => string;
}

/** The host's end of the connection to one page. A page is untrusted: it gets answers only to messages of its protocol. */
export class PageChannel<P extends Protocol> {
  private readonly options: ChannelOptions<P>;

  constructor(options: ChannelOptions<P>) {
    this.options = options;
  }

  emit<N extends EventName<P>>(name: N, data: EventData<P, N>): void {
    this.options.post({ kind: 'event', name, data });
  }

  async receive(value: unknown): Promise<void> {
    const { protocol, handlers, logger, post, describe } = this.options;
    const request = requestSchema.safeParse(value).data;
    const known = request !== undefined && Object.hasOwn(protocol.requests, request.name);
    const input = known ? protocol.requests[request.name]?.input.safeParse(request.input) : undefined;
    if (request === undefined || input?.success !== true) {
      logger.warn('A page sent a message that does not match its protocol. The message was ignored.');
      return;
    }
    const { id, name } = request;
    try {
      const handle = handlers[name as RequestName<P>] as (input: unknown) => unknown;
      post({ kind: 'reply', id, output: await handle(input.data) });
    } catch (error) {
      logger.error(`The request "${name}" of a page failed.`, error);
      post({ kind: 'failed', id, message: describe(error) });
    }
  }
}
