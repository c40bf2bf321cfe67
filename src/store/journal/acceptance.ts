import { graphKeys, type Transaction } from './change.ts';
import type { TransactionLine } from './lines.ts';

/**
 * Decides which transactions of a segment count. Writers append without a lock. A transaction counts if no other one
 * changed its reads or writes after the position up to which its writer had read. The verdict depends on the bytes of
 * the segment alone, so that every process reaches the same one.
 */
export class Acceptance {
  private readonly generation: number;
  private readonly lastWrite = new Map<string, { position: number; batch: string }>();
  private lastGraph = { position: -1, batch: '' };
  private lastClaim = { position: -1, batch: '' };
  /** Tasks of rejected transactions, by batch: later ones of the same batch were built on them. */
  private readonly rejected = new Map<string, Set<string>>();
  /** The number of lines read of each batch, up to the first missing one. */
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

  /** Whether this segment has the complete state of a task. */
  hasAllOf(id: string): boolean {
    return this.born.has(id);
  }

  seal(position: number): void {
    if (this.sealedAt < 0) this.sealedAt = position;
  }

  /** `position` is the start of the line in the segment. */
  accepts(line: TransactionLine, position: number): boolean {
    const inOrder = this.inOrder(line);
    const accepted = inOrder && !this.sealed && line.gen === this.generation && this.unchanged(line);
    if (!accepted) {
      this.reject(line);
      return false;
    }
    const here = { position, batch: line.batch };
    for (const change of line.ops) {
      this.lastWrite.set(change.id, here);
      if (change.op === 'create' || change.op === 'restore') this.born.add(change.id);
    }
    if (line.ops.some(movesGraph)) this.lastGraph = here;
    if (line.ops.some(isClaim)) this.lastClaim = here;
    return true;
  }

  /** A line of a batch may depend on earlier lines of it: if one of them is missing, no later line counts. */
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

/** A creation conflicts with nothing, because no transaction can depend on a task before it exists. */
function movesGraph(change: Transaction['ops'][number]): boolean {
  if (change.op === 'delete' || change.op === 'restore') return true;
  if (change.op === 'create') return false;
  return graphKeys.some((key) => key in change.set || change.unset?.includes(key));
}

function isClaim(change: Transaction['ops'][number]): boolean {
  return change.op === 'set' && 'lease' in change.set;
}
