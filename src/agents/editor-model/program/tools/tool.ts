import type { ChatTool } from '../../../../core/editor-model/wire.ts';
import type { Fields } from '../../../acp/wire.ts';

/** The result of a call, as the model reads it. */
export interface ToolOutput {
  readonly text: string;
  readonly failed?: boolean;
  readonly exitCode?: number;
}

/** A call as the worker sees it: for the log, and for a person who decides about it. */
export interface ShownCall {
  readonly title: string;
  /** The kind in the words of the Agent Client Protocol. */
  readonly kind: 'read' | 'edit' | 'search' | 'execute' | 'think' | 'other';
  /** Absolute paths. */
  readonly files?: readonly string[];
  readonly diff?: { readonly path: string; readonly oldText?: string; readonly newText: string };
}

/** A call that was checked and can run. */
export interface PreparedCall {
  readonly shown: ShownCall;
  /** True if a rule or a person must allow it first. */
  readonly asks: boolean;
  run(signal: AbortSignal): Promise<ToolOutput>;
}

/** A tool of the model. */
export interface Tool {
  readonly definition: ChatTool;
  /** @throws ToolError for an input that makes no sense */
  prepare(input: Fields): Promise<PreparedCall>;
}

/** A failure that the model reads as the result of its call. */
export class ToolError extends Error {}

/** A definition whose inputs are strings and integers. */
export function definitionOf(
  name: string,
  description: string,
  properties: Readonly<Record<string, { readonly type: 'string' | 'integer'; readonly description: string }>>,
  required: readonly string[],
): ChatTool {
  return { name, description, inputSchema: { type: 'object', properties, required: [...required] } };
}

/** @throws ToolError if it is missing */
export function textInput(input: Fields, key: string): string {
  const value = input[key];
  if (typeof value === 'string') return value;
  throw new ToolError(`The input "${key}" is missing: it must be a string.`);
}

/** @throws ToolError if it is no positive integer */
export function countInput(input: Fields, key: string, fallback: number, most: number): number {
  const value = input[key] ?? fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return Math.min(value, most);
  throw new ToolError(`The input "${key}" must be a positive integer.`);
}
