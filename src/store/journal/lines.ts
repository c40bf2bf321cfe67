import { isTaskNumber } from '../../core/task/number.ts';
import { changeProblem, type Transaction } from './change.ts';

/** A line of the journal: a transaction with where its writer had read up to, or the end of the segment. */
export type TransactionLine = Transaction & {
  /** The segment that the writer had read, and up to which byte of it. */
  readonly gen: number;
  readonly after: number;
  readonly batch: string;
  /** Which line of its batch this is, from 0: so that a line is missed that was torn out of the middle. */
  readonly index?: number;
  /** The number that the next task had in the writer's view: numbering can be found again if `state.json` is lost. */
  readonly next: number;
};

/** The end of a segment. */
interface SealLine {
  readonly v: 1;
  readonly seal: number;
  /** Which journal wrote it: the first seal counts. */
  readonly by?: unknown;
}

/** The beginning of a segment: which folder its writers stage files in. Only the first one of a segment counts. */
interface BeginLine {
  readonly v: 1;
  readonly begin: number;
  readonly staging: string;
}

export type JournalLine = TransactionLine | SealLine | BeginLine;

/** Reads a line; undefined for one that is torn, foreign or of a wrong shape. */
export function parseLine(text: string): JournalLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const line = value as Record<string, unknown>;
  if (line['v'] !== 1) return undefined;
  if (Number.isInteger(line['seal'])) return line as unknown as SealLine;
  if (Number.isInteger(line['begin'])) {
    return isStagingName(line['staging']) ? (line as unknown as BeginLine) : undefined;
  }
  const strings = ['tx', 'at', 'by', 'name', 'batch'].every((key) => typeof line[key] === 'string');
  const ops = line['ops'];
  const reads: unknown = line['reads'] ?? [];
  const numbers =
    ['gen', 'after'].every((key) => Number.isSafeInteger(line[key])) &&
    (line['index'] === undefined || Number.isSafeInteger(line['index'])) &&
    isTaskNumber(line['next']);
  if (!strings || !numbers || !Array.isArray(ops) || !Array.isArray(reads)) return undefined;
  return ops.every((change) => changeProblem(change) === undefined) ? (line as unknown as JournalLine) : undefined;
}

/** A name of a staging folder: it starts with the generation, which identifies leftovers of old ones. */
export function isStagingName(name: unknown): name is string {
  return typeof name === 'string' && /^\d{1,12}(-[A-Za-z0-9]{1,40})?$/.test(name);
}
