import { isTaskNumber } from '../../core/task/number.ts';
import { isStagingName } from '../file/layout.ts';
import { graphKeys, operationProblem, type Transaction } from './transaction.ts';

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

/**
 * Decides which transactions of a segment count. Writers append without a lock; a transaction counts when nothing that
 * it read or changes was changed by another one after the position that its writer had read up to. The verdict depends
 * on the bytes of the segment alone, so that every process comes to the same one.
 */
export class Acceptance {
  private readonly generation: number;
  private readonly lastWrite = new Map<string, { position: number; batch: string }>();
  private lastGraph = { position: -1, batch: '' };
  private lastClaim = { position: -1, batch: '' };
  /** Tasks of rejected transactions, by batch: later ones of the same batch were built on them. */
  private readonly rejected = new Map<string, Set<string>>();
  /** How many lines of each batch were read, up to the first that is missing. */
  private readonly lines = new Map<string, number>();
  private readonly born = new Set<string>();
  private sealedAt = -1;

  constructor(generation: number) {
    this.generation = generation;
  }

  get sealed(): boolean {
    return this.sealedAt >= 0;
  }

  /** Tasks that accepted transactions of this segment changed. */
  touched(): Iterable<string> {
    return this.lastWrite.keys();
  }

  /** Whether all that is to be known of a task is in this segment. */
  hasAllOf(id: string): boolean {
    return this.born.has(id);
  }

  seal(position: number): void {
    if (this.sealedAt < 0) this.sealedAt = position;
  }

  /** `position` is where the line begins in the segment. */
  accepts(line: TransactionLine, position: number): boolean {
    const inOrder = this.inOrder(line);
    const accepted = inOrder && !this.sealed && line.gen === this.generation && this.unchanged(line);
    if (!accepted) {
      this.reject(line);
      return false;
    }
    const here = { position, batch: line.batch };
    for (const operation of line.ops) {
      this.lastWrite.set(operation.id, here);
      if (operation.op === 'create' || operation.op === 'restore') this.born.add(operation.id);
    }
    if (line.ops.some(movesGraph)) this.lastGraph = here;
    if (line.ops.some(isClaim)) this.lastClaim = here;
    return true;
  }

  /** A line of a batch may be decided on what those before it do: if one of them is not there, none after it counts. */
  private inOrder(line: TransactionLine): boolean {
    if (line.index === undefined) return true;
    const expected = this.lines.get(line.batch) ?? 0;
    if (line.index !== expected) return false;
    this.lines.set(line.batch, expected + 1);
    return true;
  }

  private unchanged(line: TransactionLine): boolean {
    const seen = (write: { position: number; batch: string } | undefined): boolean =>
      write === undefined || write.position < line.after || write.batch === line.batch;
    if (line.graph === true && !seen(this.lastGraph)) return false;
    if (line.claims === true && !seen(this.lastClaim)) return false;
    const spoiled = this.rejected.get(line.batch);
    const untouched = (id: string): boolean => seen(this.lastWrite.get(id)) && spoiled?.has(id) !== true;
    return line.ops.every(({ id }) => untouched(id)) && (line.reads ?? []).every(untouched);
  }

  private reject(line: TransactionLine): void {
    const spoiled = this.rejected.get(line.batch) ?? new Set<string>();
    for (const { id } of line.ops) spoiled.add(id);
    for (const id of line.reads ?? []) spoiled.add(id);
    this.rejected.set(line.batch, spoiled);
  }
}

/** A creation moves nothing: nobody can depend on a task that is not there yet. */
function movesGraph(operation: Transaction['ops'][number]): boolean {
  if (operation.op === 'delete' || operation.op === 'restore') return true;
  if (operation.op === 'create') return false;
  return graphKeys.some((key) => key in operation.set || operation.unset?.includes(key));
}

function isClaim(operation: Transaction['ops'][number]): boolean {
  return operation.op === 'set' && 'lease' in operation.set;
}

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
  return ops.every((operation) => operationProblem(operation) === undefined)
    ? (line as unknown as JournalLine)
    : undefined;
}
