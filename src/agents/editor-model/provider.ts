import type { AgentInfo, AgentProvider } from '../../core/agent/catalog.ts';
import type { Agent } from '../../core/agent/port.ts';
import { EDITOR_MODEL_NAME } from '../../core/editor-model/name.ts';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { Usage } from '../../core/task/schema.ts';
import type { EditorModelOptions } from './options.ts';

const title = 'Editor model';
const allow = 'Run "SystemPrompt Tasks: Allow Editor Models" in the window of the folder.';

/** The models of an editor, while a window of the folder offers them. */
export class EditorModelProvider implements AgentProvider {
  readonly names = [EDITOR_MODEL_NAME];
  private readonly options: EditorModelOptions;

  constructor(options: EditorModelOptions) {
    this.options = options;
  }

  async list(): Promise<AgentInfo[]> {
    const { editorModelInfo } = await import('./info.ts');
    return [editorModelInfo(title, this.unavailable())];
  }

  unavailable(): TaskError | undefined {
    const offers = this.options.offers();
    if (offers.some(({ access }) => access !== undefined)) return undefined;
    return offers.length === 0
      ? new TaskError('AgentUnavailable', 'No open window offers the models of an editor.', {
          next: [textStep('Open the folder in VS Code, with an extension that provides models.'), textStep(allow)],
        })
      : new TaskError('AgentUnavailable', 'The models of the editor are not allowed yet.', { next: [textStep(allow)] });
  }

  /** An editor reports tokens only, and its models have no configured prices. */
  countsCost(): boolean {
    return false;
  }

  async spent(_name: string, sessionId: string): Promise<Usage | undefined> {
    const { spentIn } = await import('./adapter.ts');
    return await spentIn(this.options.sessions, sessionId);
  }

  /** An agent whose code loads on first use, because most processes only list it. */
  get(): Agent {
    const { offers } = this.options;
    return {
      name: EDITOR_MODEL_NAME,
      open: async (request, client) => {
        const access = offers().find((offer) => offer.access !== undefined)?.access;
        if (access === undefined) throw this.unavailable();
        const { editorModelAgent } = await import('./agent.ts');
        return await editorModelAgent(access, { title, allow, ...this.options }).open(request, client);
      },
    };
  }
}
