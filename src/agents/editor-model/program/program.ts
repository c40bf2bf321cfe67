import type { Readable, Writable } from 'node:stream';
import type { EditorModel } from '../../../core/editor-model/offer.ts';
import {
  PROGRAM_VARIABLE,
  type ProgramOptions,
  programOptionsSchema,
} from '../../../core/editor-model/program-options.ts';
import { contentText, type Fields, listOf, textOf } from '../../acp/wire.ts';
import type { Environment } from '../../environment.ts';
import { JsonRpc, RpcError } from './json-rpc.ts';
import { SessionFile } from './session-file.ts';
import { askTool } from './tools/ask.ts';
import { editTool } from './tools/edit.ts';
import { readTool } from './tools/read.ts';
import { runTool } from './tools/run.ts';
import { searchTool } from './tools/search.ts';
import { TaskTools } from './tools/task-tools.ts';
import type { Tool } from './tools/tool.ts';
import { Turn } from './turn.ts';

interface OpenSession {
  readonly session: SessionFile;
  readonly tools: readonly Tool[];
  readonly system: string;
  readonly taskTools: TaskTools | undefined;
}

/**
 * The agent for models of an editor: a program that speaks the Agent Client Protocol to the worker, as every other agent
 * does, and calls a model on the socket of the window.
 */
export class EditorModelProgram {
  readonly ended: Promise<void>;
  private readonly options: ProgramOptions;
  private readonly env: Environment;
  private readonly worker: JsonRpc;
  private open: OpenSession | undefined;
  private turn: AbortController | undefined;

  constructor(input: Readable, output: Writable, env: Environment) {
    const { [PROGRAM_VARIABLE]: options, ELECTRON_RUN_AS_NODE: _electron, ...rest } = env;
    this.options = programOptionsSchema.parse(JSON.parse(options ?? '{}'));
    // Commands of the model are not to reach the window.
    this.env = rest;
    this.worker = new JsonRpc(input, output, {
      request: (method, params) => this.answer(method, params),
      notification: (method) => {
        if (method === 'session/cancel') this.turn?.abort();
      },
    });
    this.ended = this.worker.ended.then(() => this.close());
  }

  private async answer(method: string, params: Fields): Promise<unknown> {
    switch (method) {
      case 'initialize':
        return {
          protocolVersion: 1,
          agentInfo: { name: 'systemprompt-editor-model', title: 'Editor model', version: '1' },
          agentCapabilities: { sessionCapabilities: { resume: {}, close: {} } },
          authMethods: [],
        };
      case 'session/new':
        return await this.begin(await SessionFile.create(this.options.sessions), params);
      case 'session/resume': {
        const session = await SessionFile.resume(this.options.sessions, textOf(params.sessionId) ?? '');
        if (session === undefined) throw new RpcError(-32002, 'There is no such session.');
        return await this.begin(session, params);
      }
      case 'session/set_config_option':
        return await this.choose(params);
      case 'session/prompt':
        return await this.prompt(params);
      case 'session/close':
        this.close();
        return {};
      default:
        throw new RpcError(-32601, `Method not found: ${method}`);
    }
  }

  private async begin(session: SessionFile, params: Fields): Promise<object> {
    const cwd = textOf(params.cwd) ?? process.cwd();
    const { reach } = this.options;
    const [entry] = listOf(params.mcpServers);
    const taskTools =
      entry === undefined ? undefined : await TaskTools.start(entry, cwd, this.env).catch(() => undefined);
    const tools = [
      ...(reach?.read === 'none' ? [] : [readTool(cwd), searchTool(cwd, this.env)]),
      ...(reach?.write === 'none' ? [] : [editTool(cwd)]),
      ...(reach?.run === 'none' ? [] : [runTool(cwd, this.env)]),
      askTool(this.worker, session.id),
      ...(taskTools?.tools ?? []),
    ];
    this.open = { session, tools, taskTools, system: instructions(cwd) };
    return { sessionId: session.id, configOptions: [this.modelOption(session)] };
  }

  private modelOption(session: SessionFile): object {
    const options = this.options.models.map(({ id, name }) => ({ value: id, name }));
    const currentValue = this.modelOf(session)?.id;
    return { id: 'model', name: 'Model', category: 'model', type: 'select', currentValue, options };
  }

  /** The chosen model, else the default one. A resumed session may find another window, without the former model. */
  private modelOf(session: SessionFile): EditorModel | undefined {
    const { models } = this.options;
    return models.find(({ id }) => id === session.model) ?? models[0];
  }

  private async choose({ configId, value }: Fields): Promise<object> {
    const { open } = this;
    const id = textOf(value);
    if (open === undefined || configId !== 'model' || !this.options.models.some((model) => model.id === id)) {
      throw new RpcError(-32602, 'There is no such model.');
    }
    await open.session.choose(id ?? '');
    return { configOptions: [this.modelOption(open.session)] };
  }

  private async prompt(params: Fields): Promise<object> {
    const { open, worker, options } = this;
    const model = open === undefined ? undefined : this.modelOf(open.session);
    if (open === undefined || model === undefined) throw new RpcError(-32602, 'There is no session.');
    const text = listOf(params.prompt).map(contentText).join('\n\n');
    this.turn = new AbortController();
    const { signal } = this.turn;
    const { socket, token } = options;
    const { session, tools, system } = open;
    return await new Turn({ session, worker, model, socket, token, tools, system, signal }).run(text);
  }

  private close(): void {
    this.turn?.abort();
    this.open?.taskTools?.close();
  }
}

function instructions(cwd: string): string {
  return `You are an engineer who works on a task in the folder ${cwd}.
Work with the tools until the task is done; do not only describe the work.
Read the files before you change them, keep to the style of the code around, and run the tests that belong to your change.
Rules or a person decide about changes and commands. If a call is not allowed, find another way or report it.
End with a short report: the changes, the checks you ran, and open points.`;
}
