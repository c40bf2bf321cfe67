import { TaskError } from '../../core/errors.ts';
import { stepSentence } from '../../core/next-step.ts';

/** The result of a call as the protocol has it. */
export interface ToolResult {
  readonly content: { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent: Record<string, unknown>;
  readonly isError?: true;
}

/** Characters of one text in a result, and of all of it: the rest is in a resource. */
const TEXT_CHARS = 4_000;
const RESULT_CHARS = 60_000;
/** Contents of a file, such as an export, a template or a drawing: a part of it is of no use. */
const whole = new Set(['text', 'graph']);
/** Records that only grow; the resource of the task has them. */
const long = new Set(['logs', 'history']);
/** The keys of a task in a list. */
const listed = new Set(
  'id number kind title status pause_reason project priority tool labels parent_id depends_on progress error error_code waiting created_at updated_at'.split(
    ' ',
  ),
);

/** An output without the parts that a resource gives in pages. */
export function resultOf(output: unknown): ToolResult {
  const short = shortened(output) as Record<string, unknown>;
  const text = JSON.stringify(short);
  if (text.length <= RESULT_CHARS) return { content: [{ type: 'text', text }], structuredContent: short };
  const note =
    'The result is too long for one call. Ask for less: use limit, or read the resources task://list and task://{id}.';
  return {
    content: [{ type: 'text', text: `${note}\n${text.slice(0, RESULT_CHARS)}` }],
    structuredContent: { truncated: true, note },
  };
}

/** An error with its code and next steps, for programs and for models. */
export function failureOf(thrown: unknown): ToolResult {
  const { code, message, next, details } = TaskError.from(thrown);
  const text = [`${code}: ${message}`, ...next.map(stepSentence)].join('\n');
  const error = { code, message, next, ...(details === undefined ? {} : { details }) };
  return {
    content: [{ type: 'text', text }],
    structuredContent: JSON.parse(JSON.stringify({ error })) as Record<string, unknown>,
    isError: true,
  };
}

function shortened(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    return value.length <= TEXT_CHARS ? value : `${value.slice(0, TEXT_CHARS)}… (${value.length} characters)`;
  }
  if (typeof value !== 'object' || value === null || depth > 20) return value;
  if (Array.isArray(value)) {
    const several = value.length > 1;
    return value.map((each) =>
      shortened(several && isTask(each) ? picked(each, (key) => listed.has(key)) : each, depth + 1),
    );
  }
  const shown = isTask(value) ? picked(value, (key) => !long.has(key)) : value;
  const isWhole = (key: string): boolean => depth === 0 && whole.has(key);
  return Object.fromEntries(
    Object.entries(shown).map(([key, each]) => [key, isWhole(key) ? each : shortened(each, depth + 1)]),
  );
}

function isTask(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'depends_on' in value && 'number' in value && 'status' in value;
}

function picked(value: object, keeps: (key: string) => boolean): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => keeps(key)));
}
