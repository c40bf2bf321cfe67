import { isAbsolute, relative } from 'node:path';
import { contentText, type Fields, fieldsOf, listOf, textOf } from './wire.ts';

/** The known state of a tool call: a `tool_call` merged with its updates. */
export interface ToolCall {
  readonly id: string;
  /** The tool's name if the agent reports it, else its subject. */
  readonly toolName: string;
  /** Display text: a path, a command. */
  readonly title: string;
  /** `read`, `edit`, `execute` … in the protocol's words. */
  readonly kind: string;
  /** The kind with which it was announced. */
  readonly announced: string;
  readonly status: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly content: readonly unknown[];
  readonly locations: readonly unknown[];
  /** True after content other than the announcement, such as a description of the call, has arrived. */
  readonly answered: boolean;
  /** Output of a command that arrived in parts. */
  readonly streamed: string;
  readonly exitCode?: number | undefined;
}

/** A change that a tool call would make to a file. */
export type FileDiff = {
  readonly path: string;
  readonly oldText?: string;
  readonly newText: string;
};

const IDENTIFIER = /^[A-Za-z][\w.:-]{0,63}$/;

/** Merges an update into a call; absent fields keep their value. */
export function mergeToolCall(known: ToolCall | undefined, sent: Fields): ToolCall {
  const title = textOf(sent.title) ?? known?.title ?? 'a tool';
  const kind = textOf(sent.kind) ?? known?.kind ?? 'other';
  return {
    id: textOf(sent.toolCallId) ?? known?.id ?? '',
    toolName: nameOf(sent) ?? known?.toolName ?? (IDENTIFIER.test(title) ? title : (textOf(sent.kind) ?? title)),
    title,
    kind,
    announced: known?.announced ?? kind,
    status: textOf(sent.status) ?? known?.status ?? 'pending',
    input: isEmpty(sent.rawInput) ? known?.input : sent.rawInput,
    output: isEmpty(sent.rawOutput) ? known?.output : sent.rawOutput,
    content: contentOf(sent, known),
    answered: known?.answered === true || (Array.isArray(sent.content) && (known !== undefined || hasEnded(sent))),
    streamed: streamedBy(sent, known?.streamed ?? ''),
    exitCode: exitCodeOf(sent) ?? known?.exitCode,
    locations: listOf(sent.locations).length > 0 ? listOf(sent.locations) : (known?.locations ?? []),
  };
}

/** Characters of streamed output that are kept of one call. */
const STREAMED_CHARS = 4 << 20;

/** A call with the diffs of a request about it, unless it has some. */
export function withDiffs(call: ToolCall, request: ToolCall): ToolCall {
  if (call.content.some(isDiff)) return call;
  return { ...call, content: [...call.content, ...request.content.filter(isDiff)] };
}

/** The diff of a call stays, though its result replaces the other content. */
function contentOf(sent: Fields, known: ToolCall | undefined): readonly unknown[] {
  if (!Array.isArray(sent.content)) return known?.content ?? [];
  return sent.content.some(isDiff) ? sent.content : [...sent.content, ...(known?.content ?? []).filter(isDiff)];
}

function isDiff(item: unknown): boolean {
  return fieldsOf(item)?.type === 'diff';
}

function hasEnded({ status }: Fields): boolean {
  return status === 'completed' || status === 'failed';
}

/** Output that adapters of terminals send in `_meta`, part by part. */
function streamedBy(sent: Fields, before: string): string {
  const meta = fieldsOf(sent._meta);
  const part = fieldsOf(meta?.terminal_output_delta ?? meta?.terminal_output)?.data;
  return typeof part === 'string' && before.length < STREAMED_CHARS ? before + part : before;
}

function exitCodeOf(sent: Fields): number | undefined {
  const code = fieldsOf(fieldsOf(sent._meta)?.terminal_exit)?.exit_code ?? fieldsOf(sent.rawOutput)?.exit_code;
  return typeof code === 'number' ? code : undefined;
}

/** The tool name of the protocol, or of the metadata of Claude Code's adapter. */
function nameOf(sent: Fields): string | undefined {
  return textOf(sent.name) ?? textOf(fieldsOf(fieldsOf(sent._meta)?.claudeCode)?.toolName);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/**
 * The reason why a call had no effect because the agent does not offer that tool to its model. Some agents then call a
 * substitute tool that reports this and succeeds. A model cannot fake such a call: the agent sets its kind.
 */
export function notOffered(call: ToolCall): string | undefined {
  const input = fieldsOf(call.input);
  if (call.announced === 'other' || call.kind !== 'other' || input?.tool !== call.toolName) return undefined;
  if (diffsOf(call).length > 0) return undefined;
  return textOf(input.error);
}

/** Inputs that name files: `file_path`, `notebook_path`, `paths`, `destination`. */
const filesKey = /(path|file|dir|directory|directories|folder|destination)s?$/i;
/** The maximum path length of operating systems. */
const PATH_CHARS = 4_096;

/** The files that a call is about, as the agent names them, each once. */
export function filesOf(call: ToolCall): string[] {
  const named = Object.entries(call.kind === 'execute' ? {} : (fieldsOf(call.input) ?? {}))
    .filter(([key]) => filesKey.test(key))
    .flatMap(([, value]) => [value].flat().map(textOf))
    .filter((path) => path !== undefined && path.length <= PATH_CHARS && !path.includes('\n'));
  const located = call.locations.map((location) => textOf(fieldsOf(location)?.path));
  const changed = diffsOf(call).map((diff) => diff.path);
  return [...new Set([...located, ...changed, ...named].filter((path) => path !== undefined))];
}

export function diffsOf(call: ToolCall): FileDiff[] {
  return call.content.flatMap((item) => {
    const fields = fieldsOf(item);
    const path = textOf(fields?.path);
    if (fields?.type !== 'diff' || path === undefined || typeof fields.newText !== 'string') return [];
    return [
      { path, newText: fields.newText, ...(typeof fields.oldText === 'string' ? { oldText: fields.oldText } : {}) },
    ];
  });
}

/** The command line of a call that runs one. */
export function commandOf(call: ToolCall): string | undefined {
  const command = fieldsOf(call.input)?.command;
  if (Array.isArray(command)) return command.map(String).join(' ');
  return textOf(command) ?? (call.kind === 'execute' ? call.title : undefined);
}

/** The output of a call, as text if there is text, else as the agent's own value. */
export function outputOf(call: ToolCall): unknown {
  const text = (call.answered ? call.content : [])
    .map((item) => fieldsOf(item))
    .filter((item) => item?.type === 'content')
    .map((item) => contentText(item?.content))
    .join('\n');
  if (text !== '') return text;
  if (call.streamed !== '') return call.streamed;
  return textOf(fieldsOf(call.output)?.output) ?? call.output;
}

/** The first file of a call, from the task's folder where it is in it, and the line in it. */
export function placeOf(call: ToolCall, cwd: string): { fileName?: string; lineNumber?: number } {
  const path = filesOf(call).find((file) => file !== cwd);
  if (path === undefined) return {};
  const location = call.locations.map(fieldsOf).find((place) => place?.path === path);
  const line = location?.line;
  return {
    fileName: insideOf(cwd, path) ?? path,
    ...(typeof line === 'number' && Number.isInteger(line) && line > 0 ? { lineNumber: line } : {}),
  };
}

/** The relative path from a folder to a path inside it, else undefined. Purely textual: no file is accessed. */
export function insideOf(folder: string, path: string): string | undefined {
  const way = isAbsolute(path) ? relative(folder, path) : relative(folder, `${folder}/${path}`);
  return way === '' || way === '..' || way.startsWith('../') || way.startsWith('..\\') || isAbsolute(way)
    ? undefined
    : way;
}
