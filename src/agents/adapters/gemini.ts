import { type Fields, fieldsOf, listOf, textOf } from '../acp/wire.ts';
import type { AgentAdapter } from './adapter.ts';

/** Gemini CLI by `gemini --acp`. */
export const gemini: AgentAdapter = {
  tokensCount: 'turn',
  record: async (place) => (await import('../records/gemini.ts')).geminiRecord(place),
  // Neither its reports nor its chats have the calls that choose a model, search the web or summarise.
  runRecord: async (place) => (await import('../records/gemini-telemetry.ts')).geminiTelemetry(place),
  // Whether the turn is still there depends on a race of the cancelled call of the model with the end of the process.
  forgetsCancelled: true,
  reportsUsage: true,
  reportsCost: false,
  keyMethods: [{ id: 'gemini-api-key', variables: ['GEMINI_API_KEY'] }],
  modes: { asks: 'default', loose: ['autoEdit', 'yolo'] },
  args: async (limits, folder) => (await import('./gemini-policy.ts')).geminiPolicy(limits, folder),
  beforeLoad: async (sessionId, env) => (await import('../records/gemini-chats.ts')).protectChats(sessionId, env),
  call(sent, cwd) {
    const name = /^([A-Za-z]\w*?)__/.exec(textOf(sent.toolCallId) ?? '')?.[1];
    const command = name === 'run_shell_command' && sent.rawInput === undefined ? commandOf(sent, cwd) : undefined;
    return {
      ...sent,
      ...(name === undefined || sent.name !== undefined ? {} : { name }),
      ...(command === undefined ? {} : { rawInput: { command } }),
    };
  },
};

/**
 * The command of an announced call, which Gemini CLI sends without its input. The title is the command, or for a long one the
 * model's description of it; the content has the folder and the description. Undefined unless the title is the command for
 * certain and the command runs in the folder of the task, in the foreground.
 */
function commandOf(sent: Fields, cwd: string): string | undefined {
  if (sent.status !== 'pending' && sent.status !== 'in_progress') return undefined;
  const [only, second] = listOf(sent.content).map((item) => textOf(fieldsOf(fieldsOf(item)?.content)?.text));
  const place = `[current working directory ${cwd}]`;
  const title = textOf(sent.title);
  if (title === undefined || second !== undefined || only?.startsWith(place) !== true) return undefined;
  const rest = only.slice(place.length);
  if (rest === '') return title;
  const [, description] = /^ \((.*)\)$/s.exec(rest) ?? [];
  return description === undefined || oneLine(description) === oneLine(title) ? undefined : title;
}

function oneLine(text: string): string {
  return text.replaceAll('\n', ' ').trim();
}
