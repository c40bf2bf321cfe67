import { searchedTexts, searchWords } from '../../core/task/filter.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { Derived } from './view-mirror.ts';

/** 32-bit numbers per task. Texts of a few hundred letters leave most of the bits unset. */
const WIDTH = 32;
const GRAM = 3;
const FIRST_SIZE = 1_024;

/**
 * Which groups of three letters the texts of each task have, as 1,024 bits per task: a Bloom filter for parts of words.
 * A search compares bits and reads only the texts of tasks that may match. Takes the same memory for texts of any
 * length; very long texts always may match.
 */
export class WordSignatures implements Derived {
  private bits = new Uint32Array(FIRST_SIZE * WIDTH);
  private tasks: (TaskRecord | undefined)[] = [];
  private readonly places = new Map<string, number>();
  private free: number[] = [];

  get bytes(): number {
    // A map has about four words per entry.
    return this.bits.byteLength + this.tasks.length * (8 + 32);
  }

  build(tasks: Iterable<TaskRecord>): void {
    this.bits.fill(0);
    this.tasks = [];
    this.free = [];
    this.places.clear();
    for (const task of tasks) this.put(task);
  }

  change(id: string, after: TaskRecord | undefined): void {
    const place = this.places.get(id);
    if (place !== undefined) {
      this.bits.fill(0, place * WIDTH, (place + 1) * WIDTH);
      this.tasks[place] = undefined;
      this.places.delete(id);
      this.free.push(place);
    }
    if (after !== undefined) this.put(after);
  }

  /** Every task that matches a search, and a few others; undefined if its words are too short. */
  candidates(search: string): TaskRecord[] | undefined {
    const wanted = new Uint32Array(WIDTH);
    for (const word of searchWords(search)) sign(word, wanted, 0);
    const parts = [...wanted].flatMap((bits, index) => (bits === 0 ? [] : [{ bits, index }]));
    if (parts.length === 0) return undefined;
    const found: TaskRecord[] = [];
    for (let place = 0; place < this.tasks.length; place += 1) {
      const task = this.tasks[place];
      if (task !== undefined && hasAll(this.bits, place * WIDTH, parts)) found.push(task);
    }
    return found;
  }

  private put(task: TaskRecord): void {
    const place = this.free.pop() ?? this.tasks.length;
    if ((place + 1) * WIDTH > this.bits.length) {
      const larger = new Uint32Array(this.bits.length * 2);
      larger.set(this.bits);
      this.bits = larger;
    }
    this.tasks[place] = task;
    this.places.set(task.id, place);
    for (const text of searchedTexts(task)) sign(text.toLowerCase(), this.bits, place * WIDTH);
  }
}

function hasAll(all: Uint32Array, row: number, parts: readonly { bits: number; index: number }[]): boolean {
  for (const { bits, index } of parts) if (((all[row + index] ?? 0) & bits) >>> 0 !== bits) return false;
  return true;
}

/** Sets a bit for each group of letters. */
function sign(text: string, bits: Uint32Array, row: number): void {
  let [a, b] = [text.charCodeAt(0), text.charCodeAt(1)];
  for (let index = GRAM - 1; index < text.length; index += 1) {
    const c = text.charCodeAt(index);
    const hash = Math.imul(((a * 31 + b) * 31 + c) | 0, 0x9e3779b1) >>> 22;
    const at = row + (hash >>> 5);
    bits[at] = (bits[at] ?? 0) | (1 << (hash & 31));
    [a, b] = [b, c];
  }
}
