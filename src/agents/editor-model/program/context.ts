import type { ChatMessage, ChatPart } from '../../../core/editor-model/wire.ts';

/** Characters of a token on average, low enough for code. */
const CHARS_PER_TOKEN = 3;
/** The share of a model's context that a request may fill: the estimate is rough. */
const SHARE = 0.9;
/** Results up to this length stay. */
const SHORT_CHARS = 400;

const removed = '[The output was removed to save context. Repeat the call if you need it.]';

/**
 * The conversation in the context of a model: results of old calls are removed first, then messages of the same role are
 * joined. Undefined if it does not fit even so.
 */
export function fitted(messages: readonly ChatMessage[], maxTokens: number): ChatMessage[] | undefined {
  const most = maxTokens === 0 ? Number.POSITIVE_INFINITY : maxTokens * CHARS_PER_TOKEN * SHARE;
  let chars = messages.reduce((sum, { parts }) => sum + parts.reduce((all, part) => all + sizeOf(part), 0), 0);
  const kept = messages.map((message, index) => {
    // The last results are those that the model works on.
    if (chars <= most || index === messages.length - 1) return message;
    const parts = message.parts.map((part): ChatPart => {
      if (part.type !== 'result' || part.text.length <= SHORT_CHARS || chars <= most) return part;
      chars -= part.text.length - removed.length;
      return { ...part, text: removed };
    });
    return { ...message, parts };
  });
  return chars <= most ? joined(kept) : undefined;
}

/** Providers of models differ in what they do with two messages of one role. */
function joined(messages: readonly ChatMessage[]): ChatMessage[] {
  const all: ChatMessage[] = [];
  for (const message of messages) {
    const before = all.at(-1);
    if (before?.role === message.role) all[all.length - 1] = { ...before, parts: [...before.parts, ...message.parts] };
    else if (message.parts.length > 0) all.push(message);
  }
  return all;
}

function sizeOf(part: ChatPart): number {
  return part.type === 'call' ? JSON.stringify(part.input).length + part.name.length : part.text.length;
}
