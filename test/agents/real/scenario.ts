import type { Bench, Script } from './bench.ts';

/** Rows of the table, by what a person expects. */
export type CheckName = string;

/**
 * Records one check of a scenario. A check that fails does not end the scenario; a scenario that cannot continue fails
 * the checks that it has not come to.
 */
export type Check = (name: CheckName, holds: () => void | Promise<void>) => Promise<void>;

/** One run of an agent, in which several checks are made: starting an agent takes most of the time. */
export interface Scenario {
  readonly name: string;
  /** The rows of the table that it fills. */
  readonly checks: readonly CheckName[];
  readonly script: Script;
  /** True if some agents wait for most of its time: it starts before the others, which run meanwhile. */
  readonly waits?: boolean;
  drive(bench: Bench, check: Check): Promise<void>;
}
