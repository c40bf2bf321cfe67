import type { CheckName } from './scenario.ts';

/** Why a check does not pass for an agent. */
export interface Expectation {
  /** The class of a known fault of the product; the check is asserted to fail. */
  readonly fault?: number;
  /** The agent has nothing of this kind; the check does not run. */
  readonly cannot?: string;
}

type Row = Readonly<Record<string, Expectation>>;

/** Checks that do not pass, by check and agent; every other check passes for every agent. */
const expected: Readonly<Record<CheckName, Row>> = {};

export function expectationOf(agent: string, check: CheckName): Expectation | undefined {
  return expected[check]?.[agent];
}
