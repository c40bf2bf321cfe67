import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { ChatEvent, ChatMessage, ChatPart, ChatRequest } from '../../core/editor-model/wire.ts';
import { l10n } from '../present/l10n.ts';

/** Counts of messages that are kept: a conversation is sent again with each call. */
const KEPT_COUNTS = 5_000;
/** Characters of a token, if the model does not count. */
const CHARS_PER_TOKEN = 4;

/** Calls the models of the editor for agents. */
export class ModelCalls {
  private readonly access: vscode.LanguageModelAccessInformation;
  private readonly counts = new Map<string, number>();

  constructor(access: vscode.LanguageModelAccessInformation) {
    this.access = access;
  }

  /** Never throws: a failure is the last event. */
  async *call({ model: id, messages, tools }: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const cancel = new vscode.CancellationTokenSource();
    signal.addEventListener('abort', () => cancel.cancel(), { once: true });
    try {
      const [model] = await vscode.lm.selectChatModels({ id });
      if (model === undefined) throw vscode.LanguageModelError.NotFound(l10n.t('The editor has no model "{0}".', id));
      // Without the consent of the person, the request would open a dialog in the middle of other work.
      if (this.access.canSendRequest(model) !== true) throw vscode.LanguageModelError.NoPermissions();
      const input = await this.countAll(model, [...messages.map(textOf), JSON.stringify(tools)]);
      const response = await model.sendRequest(
        messages.map(sent),
        { tools, justification: justification() },
        cancel.token,
      );
      let output = '';
      for await (const part of response.stream) {
        const event = eventOf(part);
        if (event === undefined) continue;
        output += event.type === 'text' ? event.text : JSON.stringify(event.input);
        yield event;
      }
      yield { type: 'done', input, output: await this.count(model, output) };
    } catch (error) {
      yield failureOf(error);
    } finally {
      cancel.dispose();
    }
  }

  private async countAll(model: vscode.LanguageModelChat, texts: readonly string[]): Promise<number> {
    let sum = 0;
    for (const text of texts) sum += await this.count(model, text);
    return sum;
  }

  private async count(model: vscode.LanguageModelChat, text: string): Promise<number> {
    if (text === '') return 0;
    const key = `${model.id} ${createHash('sha1').update(text).digest('base64')}`;
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    const counted = await Promise.resolve(model.countTokens(text)).catch(() => Number.NaN);
    const count = Number.isFinite(counted) && counted >= 0 ? counted : Math.ceil(text.length / CHARS_PER_TOKEN);
    this.counts.set(key, count);
    const [oldest] = this.counts.keys();
    if (this.counts.size > KEPT_COUNTS && oldest !== undefined) this.counts.delete(oldest);
    return count;
  }
}

/** The reason for the request, which the editor shows when it asks for consent. */
export function justification(): string {
  return l10n.t('SystemPrompt Tasks runs tasks of this folder with the models of the editor.');
}

function sent({ role, parts }: ChatMessage): vscode.LanguageModelChatMessage {
  if (role === 'assistant') return vscode.LanguageModelChatMessage.Assistant(parts.flatMap(assistantPart));
  return vscode.LanguageModelChatMessage.User(parts.flatMap(userPart));
}

function assistantPart(part: ChatPart): (vscode.LanguageModelTextPart | vscode.LanguageModelToolCallPart)[] {
  if (part.type === 'text') return [new vscode.LanguageModelTextPart(part.text)];
  return part.type === 'call' ? [new vscode.LanguageModelToolCallPart(part.id, part.name, part.input)] : [];
}

function userPart(part: ChatPart): (vscode.LanguageModelTextPart | vscode.LanguageModelToolResultPart)[] {
  if (part.type === 'text') return [new vscode.LanguageModelTextPart(part.text)];
  if (part.type !== 'result') return [];
  return [new vscode.LanguageModelToolResultPart(part.id, [new vscode.LanguageModelTextPart(part.text)])];
}

function eventOf(part: unknown): Extract<ChatEvent, { type: 'text' | 'call' }> | undefined {
  if (part instanceof vscode.LanguageModelTextPart) return { type: 'text', text: part.value };
  if (!(part instanceof vscode.LanguageModelToolCallPart)) return undefined;
  return { type: 'call', id: part.callId, name: part.name, input: { ...part.input } };
}

function textOf({ parts }: ChatMessage): string {
  return parts.map((part) => (part.type === 'call' ? part.name + JSON.stringify(part.input) : part.text)).join('\n');
}

function failureOf(error: unknown): ChatEvent {
  const code = error instanceof vscode.LanguageModelError ? error.code : '';
  const message = error instanceof Error && error.message !== '' ? error.message : String(error);
  if (code === vscode.LanguageModelError.NoPermissions.name) {
    return { type: 'error', failure: 'no_permission', message: l10n.t('The use of the model is not allowed yet.') };
  }
  if (code === vscode.LanguageModelError.NotFound.name) return { type: 'error', failure: 'not_found', message };
  return { type: 'error', failure: code === vscode.LanguageModelError.Blocked.name ? 'blocked' : 'failed', message };
}
