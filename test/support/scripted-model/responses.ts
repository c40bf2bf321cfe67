import { type ModelApi, namesIn, newId } from './api.ts';
import { type NativeCall, usageOf } from './turn.ts';

/** The tool that finds deferred tools, by its type: it has no name. */
const TOOL_SEARCH = 'tool_search';

/** OpenAI's Responses API, streaming. */
export const openaiResponses: ModelApi = {
  basePath: '/v1',
  route(method, path, body) {
    if (method === 'GET' && path.includes('/models')) return { object: 'list', data: [], models: [] };
    if (method !== 'POST' || !path.endsWith('/responses')) return undefined;
    return namesIn(body.tools).length === 0 || suggests(body) ? 'side' : 'turn';
  },
  sideText: () => JSON.stringify({ title: 'A scripted session', suggestion: null }),
  modelOf: (_path, body) => String(body.model),
  toolsOf: (body) => [...namesIn(body.tools), ...foundIn(body.input)],
  async write(out, turn) {
    out.begin();
    const send = (type: string, more: object): void => out.event({ type, ...more }, type);
    const id = newId('resp');
    send('response.created', { response: { id, status: 'in_progress', output: [] } });
    let index = 0;
    const item = (type: 'added' | 'done', value: object): void =>
      send(`response.output_item.${type}`, { output_index: index, item: value });
    if (turn.text !== undefined) {
      const message = { type: 'message', id: newId('msg'), role: 'assistant' };
      item('added', { ...message, status: 'in_progress', content: [] });
      await out.pieces(turn, (delta) =>
        send('response.output_text.delta', { item_id: message.id, output_index: index, content_index: 0, delta }),
      );
      if (turn.hang === true) return;
      const content = [{ type: 'output_text', text: turn.text, annotations: [] }];
      item('done', { ...message, status: 'completed', content });
      index += 1;
    }
    if (turn.hang === true) return;
    for (const call of turn.tools ?? []) {
      item('done', itemOf(call));
      index += 1;
    }
    const { input, output } = usageOf(turn);
    const usage = {
      input_tokens: input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + output,
    };
    send('response.completed', { response: { id, status: 'completed', output: [], usage } });
    out.end();
  },
  errorBody: (status, message) => ({
    error: {
      message,
      type: status === 429 ? 'rate_limit_exceeded' : 'scripted_error',
      code: errorCodes[status] ?? null,
    },
  }),
};

/** Codex asks for a suggestion of the next prompt with all of its tools. */
function suggests({ input }: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(input) && JSON.stringify(input.at(-1)).includes('Set suggestion to exactly one');
}

const errorCodes: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  404: 'model_not_found',
  429: 'rate_limit_exceeded',
};

function itemOf({ name, input, freeform }: NativeCall): object {
  const about = { id: newId('fc'), call_id: newId('call'), status: 'completed' };
  if (name === TOOL_SEARCH) return { type: 'tool_search_call', ...about, execution: 'client', arguments: input };
  if (freeform !== undefined) return { type: 'custom_tool_call', ...about, name, input: freeform };
  const [tool, namespace] = name.split('.').reverse();
  const named = namespace === undefined ? { name } : { name: tool, namespace };
  return { type: 'function_call', ...about, ...named, arguments: JSON.stringify(input) };
}

/** The tools that searches have found, as `namespace.tool`. */
function foundIn(input: unknown): string[] {
  if (!Array.isArray(input)) return [];
  return input
    .filter(({ type }) => type === 'tool_search_output')
    .flatMap(({ tools }: { tools: { name: string; tools?: unknown }[] }) =>
      tools.flatMap((space) => namesIn(space.tools).map((name) => `${space.name}.${name}`)),
    );
}
