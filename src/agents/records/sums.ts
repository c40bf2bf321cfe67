import type { ModelCall } from './record.ts';

/** Sums of the calls of a session. */
export interface Sums {
  readonly input: number;
  readonly output: number;
  readonly total: number;
  readonly cost: number | undefined;
}

/** @returns undefined without a record */
export function sumOf(calls: ReadonlyMap<string, ModelCall> | undefined): Sums | undefined {
  if (calls === undefined) return undefined;
  let [input, output, total] = [0, 0, 0];
  let cost: number | undefined;
  for (const call of calls.values()) {
    input += call.input;
    output += call.output;
    total += call.total;
    if (call.cost !== undefined) cost = (cost ?? 0) + call.cost;
  }
  return { input, output, total, cost };
}
