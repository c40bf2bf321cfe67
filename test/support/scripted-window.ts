import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { EditorModelProvider } from '../../src/agents/editor-model/provider.ts';
import { plainLauncher } from '../../src/agents/launcher.ts';
import type { ModelAccess } from '../../src/core/editor-model/offer.ts';
import type { ChatEvent, ChatMessage, ChatRequest } from '../../src/core/editor-model/wire.ts';
import { ModelServer } from '../../src/runtime/editor-models/model-server.ts';
import { tempFolder } from './temp-folder.ts';

/** One answer of the scripted model: text, calls of tools, a failure, or silence until the call is cancelled. */
export type ScriptedAnswer =
  | string
  | { readonly [tool: string]: object }
  | Extract<ChatEvent, { type: 'error' }>
  | 'silence';

/** A window whose model answers by a script, on a real socket. */
export class ScriptedWindow {
  readonly requests: ChatRequest[] = [];
  cancelled = 0;
  private readonly script: (request: ChatRequest, call: number) => ScriptedAnswer;
  private server: ModelServer | undefined;

  constructor(script: (request: ChatRequest, call: number) => ScriptedAnswer) {
    this.script = script;
  }

  async open(): Promise<void> {
    this.server = await ModelServer.open((request, signal) => this.answer(request, signal));
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    await server?.close();
  }

  get access(): ModelAccess {
    const models = [
      { id: 'scripted', name: 'Scripted', maxInputTokens: 100_000 },
      { id: 'small', name: 'Small', maxInputTokens: 1_000 },
    ];
    return { socket: this.server?.path ?? '', token: this.server?.token ?? '', models };
  }

  /** A provider of the models of this window. */
  provider(sessions: string): EditorModelProvider {
    return new EditorModelProvider({
      offers: () => {
        return this.server === undefined ? [] : [{ access: this.access }];
      },
      sessions,
      script: () => join(import.meta.dirname, '..', '..', 'src', 'editor-agent.ts'),
      launcher: plainLauncher,
    });
  }

  private async *answer(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    this.requests.push(request);
    const answer = this.script(request, this.requests.length);
    if (answer === 'silence') {
      yield { type: 'text', text: 'working' };
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      this.cancelled += 1;
      return;
    }
    if (typeof answer === 'string') for (const text of answer.split(/(?<= )/)) yield { type: 'text', text };
    else if (answer.type === 'error') return void (yield answer as ChatEvent);
    else {
      for (const [name, input] of Object.entries(answer)) {
        yield { type: 'call', id: `${name}-${this.requests.length}`, name, input: input as Record<string, unknown> };
      }
    }
    yield { type: 'done', input: 100, output: 10 };
  }
}

export async function scriptedWindow(
  context: TestContext,
  script: (request: ChatRequest, call: number) => ScriptedAnswer,
): Promise<{ window: ScriptedWindow; provider: EditorModelProvider; sessions: string }> {
  const window = new ScriptedWindow(script);
  await window.open();
  context.after(() => window.close());
  const sessions = join(tempFolder(context), 'sessions');
  return { window, provider: window.provider(sessions), sessions };
}

/** All results of tools in a request, as the model reads them. */
export function resultsIn({ messages }: ChatRequest): string[] {
  return messages.flatMap(({ parts }: ChatMessage) =>
    parts.flatMap((part) => (part.type === 'result' ? [part.text] : [])),
  );
}

/** The last text of a person. */
export function promptIn({ messages }: ChatRequest): string {
  const texts = messages.flatMap(({ role, parts }) =>
    role === 'user' ? parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])) : [],
  );
  return texts.at(-1) ?? '';
}
