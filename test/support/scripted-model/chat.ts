import { type ModelApi, namesIn, newId } from './api.ts';
import { usageOf } from './turn.ts';

/** OpenAI's chat completions, streaming, as most other vendors offer them. */
export const chatCompletions: ModelApi = {
  basePath: '/v1',
  route(method, path, body) {
    if (method !== 'POST' || !path.endsWith('/chat/completions')) return undefined;
    return namesIn(body.tools).length === 0 ? 'side' : 'turn';
  },
  modelOf: (_path, body) => String(body.model),
  toolsOf: (body) => namesIn(body.tools),
  async write(out, turn, _path, model) {
    out.begin();
    const about = { id: newId('chatcmpl'), object: 'chat.completion.chunk', created: 0, model };
    const send = (delta: object, finish: string | null = null, more: object = {}): void =>
      out.event({ ...about, choices: [{ index: 0, delta, finish_reason: finish }], ...more });
    await out.pieces(turn, (content) => send({ role: 'assistant', content }));
    if (turn.hang === true) return;
    for (const [index, { name, input }] of (turn.tools ?? []).entries()) {
      const call = { name, arguments: JSON.stringify(input) };
      send({ tool_calls: [{ index, id: newId('call'), type: 'function', function: call }] });
    }
    const { input, output } = usageOf(turn);
    const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
    send({}, turn.tools === undefined ? 'stop' : 'tool_calls', { usage });
    out.response.write('data: [DONE]\n\n');
    out.end();
  },
  errorBody: (status, message) => ({ error: { message, type: 'scripted', code: status } }),
};
