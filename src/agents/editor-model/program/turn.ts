import { randomUUID } from 'node:crypto';
import type { EditorModel } from '../../../core/editor-model/offer.ts';
import { NOT_RUN } from '../../../core/editor-model/program-options.ts';
import type { ChatMessage, ChatPart } from '../../../core/editor-model/wire.ts';
import { fieldsOf, textOf } from '../../acp/wire.ts';
import { type ChatAnswer, chat } from './chat.ts';
import { fitted } from './context.ts';
import type { JsonRpc } from './json-rpc.ts';
import type { SessionFile } from './session-file.ts';
import { type PreparedCall, type Tool, ToolError, type ToolOutput } from './tools/tool.ts';

/** Calls of the model in one turn. */
const MAX_CALLS = 300;

export interface TurnParts {
  readonly session: SessionFile;
  readonly worker: JsonRpc;
  readonly model: EditorModel;
  readonly socket: string;
  readonly token: string;
  readonly tools: readonly Tool[];
  /** Instructions before the conversation. */
  readonly system: string;
  readonly signal: AbortSignal;
}

/** One turn: the model answers, its calls of tools run, until it makes none. */
export class Turn {
  private readonly parts: TurnParts;
  private input = 0;
  private output = 0;

  constructor(parts: TurnParts) {
    this.parts = parts;
  }

  /**
   * @returns the response to `session/prompt`
   * @throws RpcError if the model did not answer
   */
  async run(prompt: string): Promise<object> {
    const { session, signal } = this.parts;
    await session.add({ role: 'user', parts: [{ type: 'text', text: prompt }] });
    for (let calls = 0; calls < MAX_CALLS; calls += 1) {
      const answer = await this.ask().catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      });
      if (answer === undefined) return this.ended('cancelled');
      if (answer === 'full') return this.ended('max_tokens');
      await session.add(answer.message);
      const asked = answer.message.parts.filter((part) => part.type === 'call');
      if (asked.length === 0) return this.ended('end_turn');
      const results: ChatPart[] = [];
      for (const call of asked) results.push({ type: 'result', id: call.id, text: await this.call(call) });
      await session.add({ role: 'user', parts: results });
      if (signal.aborted) return this.ended('cancelled');
    }
    return this.ended('max_turn_requests');
  }

  private ended(stopReason: string): object {
    const { input, output } = this;
    return { stopReason, usage: { inputTokens: input, outputTokens: output, totalTokens: input + output } };
  }

  private async ask(): Promise<ChatAnswer | 'full'> {
    const { session, model, socket, token, tools, system, signal } = this.parts;
    const messages = fitted([userText(system), ...session.messages], model.maxInputTokens);
    if (messages === undefined) return 'full';
    const definitions = tools.map(({ definition }) => definition);
    const request = { token, model: model.id, messages, tools: definitions };
    const messageId = randomUUID();
    const text = (chunk: string): void =>
      this.update({ sessionUpdate: 'agent_message_chunk', messageId, content: { type: 'text', text: chunk } });
    const answer = await chat({ socket, request, signal, text });
    this.input += answer.input;
    this.output += answer.output;
    await session.spend(answer.input, answer.output);
    this.update({ sessionUpdate: 'usage_update', used: answer.input + answer.output, size: model.maxInputTokens });
    return answer;
  }

  /** The result of a call, for the model. */
  private async call({ name, input }: Extract<ChatPart, { type: 'call' }>): Promise<string> {
    const { tools, signal } = this.parts;
    const tool = tools.find(({ definition }) => definition.name === name);
    if (signal.aborted) return 'The turn was cancelled before this call.';
    const toolCallId = randomUUID();
    const begin = (shown: object): void =>
      this.update({ sessionUpdate: 'tool_call', toolCallId, name, rawInput: input, status: 'pending', ...shown });
    let call: PreparedCall | undefined;
    let output: ToolOutput;
    try {
      if (tool === undefined) throw new ToolError(`There is no tool "${name}".`);
      call = await tool.prepare(input);
      const shown = shownAs(call.shown);
      begin(shown);
      const refused = call.asks ? await this.refused({ toolCallId, name, rawInput: input, ...shown }) : undefined;
      output = refused === undefined ? await call.run(signal) : { text: refused, failed: true };
    } catch (error) {
      if (signal.aborted) return 'The turn was cancelled during this call.';
      if (call === undefined) begin({ title: name, kind: 'other' });
      output = { text: error instanceof Error ? error.message : String(error), failed: true };
    }
    this.update({
      sessionUpdate: 'tool_call_update',
      toolCallId,
      status: output.failed === true ? 'failed' : 'completed',
      content: [
        { type: 'content', content: { type: 'text', text: `${call === undefined ? NOT_RUN : ''}${output.text}` } },
      ],
      ...(output.exitCode === undefined ? {} : { rawOutput: { exit_code: output.exitCode } }),
    });
    return output.text;
  }

  /** Asks the worker, whose rules or a person decide. Undefined if the call may run. */
  private async refused(toolCall: object): Promise<string | undefined> {
    const { worker, session } = this.parts;
    const options = [
      { optionId: 'allow', name: 'Allow', kind: 'allow_once' },
      { optionId: 'reject', name: 'Reject', kind: 'reject_once' },
    ];
    const reply = await worker.request('session/request_permission', { sessionId: session.id, toolCall, options });
    const outcome = fieldsOf(fieldsOf(reply)?.outcome);
    if (outcome?.outcome === 'selected' && outcome.optionId === 'allow') return undefined;
    const notes = textOf(fieldsOf(outcome?._meta)?.notes);
    return notes === undefined ? 'The call was not allowed.' : `The call was not allowed: ${notes}`;
  }

  private update(update: object): void {
    const { worker, session } = this.parts;
    worker.notify('session/update', { sessionId: session.id, update });
  }
}

function shownAs({ title, kind, files = [], diff }: PreparedCall['shown']): object {
  return {
    title,
    kind,
    ...(files.length === 0 ? {} : { locations: files.map((path) => ({ path })) }),
    ...(diff === undefined ? {} : { content: [{ type: 'diff', ...diff }] }),
  };
}

function userText(text: string): ChatMessage {
  return { role: 'user', parts: [{ type: 'text', text }] };
}
