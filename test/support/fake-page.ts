import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/process.ts';

interface Request {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

let loads = 0;

/** The host of a page whose state module runs without a browser. */
export class FakePage {
  readonly requests: Request[] = [];
  /** The state that survives a reload of the window. */
  saved: unknown;
  private receive: (event: { readonly data: unknown }) => void = () => {};

  /** Loads `src/webviews/<page>/state.ts` anew, whose types need a browser. */
  async load<State>(page: string): Promise<State> {
    Object.assign(globalThis, {
      acquireVsCodeApi: () => ({
        postMessage: (message: Request) => this.requests.push(message),
        getState: () => this.saved,
        setState: (state: unknown) => {
          this.saved = state;
        },
      }),
      window: {
        addEventListener: (_type: string, listener: typeof this.receive) => {
          this.receive = listener;
        },
      },
      document: { documentElement: { lang: 'en' } },
    });
    loads += 1;
    return import(`${pathToFileURL(`${root}/src/webviews/${page}/state.ts`).href}?${loads}`);
  }

  emit(name: string, data: unknown): void {
    this.receive({ data: { kind: 'event', name, data } });
  }

  /** Answers the last request with this name. */
  async reply(name: string, result: { readonly output: unknown } | { readonly message: string }): Promise<void> {
    const { id } = this.requests.findLast((request) => request.name === name) ?? {};
    this.receive({ data: { kind: 'output' in result ? 'reply' : 'failed', id, ...result } });
    await new Promise(setImmediate);
  }
}
