import { type ModelApi, namesIn } from './api.ts';
import { type ModelTurn, usageOf } from './turn.ts';

/** Google's `generateContent` and `streamGenerateContent`. */
export const geminiContent: ModelApi = {
  basePath: '',
  route(method, path, body) {
    if (method !== 'POST') return undefined;
    if (path.includes(':countTokens')) return { totalTokens: 100 };
    if (!/:(?:stream)?[gG]enerateContent/.test(path)) return undefined;
    return namesIn(body.tools).length === 0 ? 'side' : 'turn';
  },
  sideText: () => JSON.stringify(decisions),
  modelOf: (path) => /models\/([^:]+):/.exec(path)?.[1] ?? '',
  toolsOf: (body) => namesIn(body.tools),
  async write(out, turn, path, model) {
    const chunk = (parts: object[], end: object = {}): object => ({
      candidates: [{ index: 0, content: { role: 'model', parts }, ...end }],
      modelVersion: model,
    });
    const calls = (turn.tools ?? []).map(({ name, input }) => ({ functionCall: { name, args: input } }));
    const counted = { usageMetadata: metadataOf(turn) };
    if (!path.includes('stream')) {
      const parts = [{ text: turn.text ?? '' }, ...calls];
      return out.json({ ...chunk(parts, { finishReason: 'STOP' }), ...counted });
    }
    out.begin();
    await out.pieces(turn, (text) => out.event(chunk([{ text }])));
    if (turn.hang === true) return;
    out.event({ ...chunk(calls.length > 0 ? calls : [{ text: '' }], { finishReason: 'STOP' }), ...counted });
    out.end();
  },
  errorBody: (status, message) => ({ error: { code: status, message, status: statuses[status] ?? 'INTERNAL' } }),
};

/** What the router and the other deciders of Gemini CLI ask for, in one object. */
const decisions = {
  reasoning: 'scripted',
  complexity_reasoning: 'scripted',
  complexity_score: 10,
  model_choice: 'flash',
  next_speaker: 'user',
};

const statuses: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
};

function metadataOf(turn: ModelTurn): object {
  const { input, output } = usageOf(turn);
  return { promptTokenCount: input, candidatesTokenCount: output, totalTokenCount: input + output };
}
