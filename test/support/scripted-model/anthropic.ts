import { type ModelApi, namesIn, newId } from './api.ts';
import { usageOf } from './turn.ts';

/** Anthropic's Messages API, streaming. */
export const anthropicMessages: ModelApi = {
  basePath: '',
  route(method, path, body) {
    if (path.endsWith('/count_tokens')) return { input_tokens: 100 };
    if (method === 'GET' && path.includes('/v1/models')) return { data: [], has_more: false };
    if (method !== 'POST' || !path.includes('/v1/messages')) return undefined;
    return namesIn(body.tools).length === 0 || suggests(body) ? 'side' : 'turn';
  },
  modelOf: (_path, body) => String(body.model),
  toolsOf: (body) => namesIn(body.tools),
  async write(out, turn, _path, model, body) {
    const usage = usageOf(turn);
    const tools = turn.tools ?? [];
    const stopReason = tools.length > 0 ? 'tool_use' : 'end_turn';
    const message = { id: newId('msg'), type: 'message', role: 'assistant', model, stop_sequence: null };
    if (body.stream !== true) {
      const content = [
        ...(turn.text === undefined ? [] : [{ type: 'text', text: turn.text }]),
        ...tools.map(({ name, input }) => ({ type: 'tool_use', id: newId('toolu'), name, input })),
      ];
      const counted = { input_tokens: usage.input, output_tokens: usage.output };
      return out.json({ ...message, content, stop_reason: stopReason, usage: counted });
    }
    out.begin();
    const send = (type: string, more: object = {}): void => out.event({ type, ...more }, type);
    const cached = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
    const started = { ...message, content: [], stop_reason: null };
    send('message_start', {
      message: { ...started, usage: { input_tokens: usage.input, output_tokens: 1, ...cached } },
    });
    let index = 0;
    const block = (content_block: object): void => send('content_block_start', { index, content_block });
    const delta = (of: object): void => send('content_block_delta', { index, delta: of });
    if (turn.text !== undefined) {
      block({ type: 'text', text: '' });
      await out.pieces(turn, (text) => delta({ type: 'text_delta', text }));
      if (turn.hang === true) return;
      send('content_block_stop', { index });
      index += 1;
    }
    if (turn.hang === true) return;
    for (const { name, input } of tools) {
      block({ type: 'tool_use', id: newId('toolu'), name, input: {} });
      delta({ type: 'input_json_delta', partial_json: JSON.stringify(input) });
      send('content_block_stop', { index });
      index += 1;
    }
    const ended = { stop_reason: stopReason, stop_sequence: null };
    send('message_delta', { delta: ended, usage: { output_tokens: usage.output } });
    send('message_stop');
    out.end();
  },
  errorBody: (status, message) => ({
    type: 'error',
    error: { type: errorTypes[status] ?? 'invalid_request_error', message },
    request_id: newId('req'),
  }),
};

/** Claude Code asks for a suggestion of the next prompt with all of its tools. */
function suggests({ messages }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(messages) && JSON.stringify(messages.at(-1)).includes('[SUGGESTION MODE');
}

const errorTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};
