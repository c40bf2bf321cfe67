import { z } from 'zod';
import { plainErrors } from './json-value.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export const logTypes = ['system', 'agent', 'tool', 'output', 'progress'] as const;

export const logLevelSchema = z.enum(logLevels);
export const logTypeSchema = z.enum(logTypes);

/** Facts about the tool call or the file of a line; other keys are kept unchanged. */
export const logMetadataSchema = z.looseObject({
  source: z.string().optional(),
  toolName: z.string().optional(),
  toolInput: z.unknown().optional(),
  toolOutput: z.unknown().optional(),
  fileName: z.string().optional(),
  lineNumber: z.number().optional(),
  /** Milliseconds. */
  duration: z.number().optional(),
  error: z.unknown().optional(),
});

export const logEntrySchema = z.looseObject({
  /** ISO 8601 UTC. */
  timestamp: z.string(),
  level: logLevelSchema,
  type: logTypeSchema,
  prefix: z.string().optional(),
  message: z.string(),
  metadata: logMetadataSchema.optional(),
});

export type LogLevel = z.infer<typeof logLevelSchema>;
export type LogType = z.infer<typeof logTypeSchema>;
export type LogMetadata = z.infer<typeof logMetadataSchema>;
/** An entry of a task's log. */
export interface TaskLogEntry {
  /** ISO 8601 UTC. */
  timestamp: string;
  level: LogLevel;
  type: LogType;
  prefix?: string | undefined;
  message: string;
  metadata?: LogMetadata | undefined;
}

/** An entry without the time and the defaults, which the store adds. */
export interface LogDraft {
  readonly message: string;
  readonly level?: LogLevel;
  readonly type?: LogType;
  readonly prefix?: string;
  readonly metadata?: LogMetadata;
}

/** A stored entry. Exceptions in the metadata keep their stack; values without a JSON form become text. */
export function newLogEntry(draft: LogDraft, timestamp: string): TaskLogEntry {
  const { message, level = 'info', type = 'system', prefix, metadata } = draft;
  // Without copies of whole objects: an agent can log a hundred thousand lines a second.
  const entry: TaskLogEntry = { timestamp, level, type, message };
  if (prefix !== undefined) entry.prefix = prefix;
  if (metadata !== undefined) entry.metadata = isPlain(metadata) ? { ...metadata } : plain(metadata);
  return entry;
}

function isPlain(metadata: LogMetadata): boolean {
  for (const key in metadata) {
    const value = metadata[key];
    if ((typeof value === 'object' && value !== null) || typeof value === 'bigint') return false;
  }
  return true;
}

function plain(metadata: LogMetadata): LogMetadata {
  try {
    return JSON.parse(JSON.stringify(metadata, plainValue)) as LogMetadata;
  } catch {
    // A circle somewhere: each value for itself, the bad one as text.
    return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, plainOrText(value)]));
  }
}

function plainOrText(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value, plainValue) ?? 'null');
  } catch {
    return String(value);
  }
}

function plainValue(key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : plainErrors(key, value);
}

/** The last entries for a view of a few lines, without debug entries. */
export function latestEntries(entries: readonly TaskLogEntry[], count: number): TaskLogEntry[] {
  return entries.filter(({ level }) => level !== 'debug').slice(-count);
}

/** The `--filter` words of the command line: a type, a level, or `tool_usage` for every entry about a tool call. */
export const logFilterWords = ['tool_usage', ...logTypes, ...logLevels] as const;
export type LogFilterWord = (typeof logFilterWords)[number];

export function matchesLogFilter(entry: TaskLogEntry, word: LogFilterWord | undefined): boolean {
  if (word === undefined) return true;
  if (word === 'tool_usage') return entry.type === 'tool' || entry.metadata?.toolName !== undefined;
  return entry.type === word || entry.level === word;
}

/** The first log entry of a new task. */
export function creationOf({ tool }: { readonly tool: string }): { level: 'info'; type: 'system'; message: string } {
  return { level: 'info', type: 'system', message: `Task created for ${tool}` };
}
