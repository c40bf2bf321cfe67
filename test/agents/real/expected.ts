import type { CheckName } from './scenario.ts';

/** Why a check does not pass for an agent. */
export type Expectation = KnownFault | Missing;

/** A known fault of the product; the check is asserted to fail. */
interface KnownFault {
  /** The number of its class. */
  readonly fault: number;
  /** A sentence for the table. */
  readonly why: string;
}

/** The agent has nothing of this kind; the check does not run. */
interface Missing {
  readonly cannot: string;
}

type Row = Readonly<Partial<Record<'CLAUDECODE' | 'CODEX' | 'GEMINI' | 'OPENCODE', Expectation>>>;

const noCost = 'The agent reports no cost.';

const ownCost = 'The agent reports its cost itself.';

const noPlans = 'The agent gives its model no tool for plans.';

const noQuestions: Row = {
  CODEX: { cannot: 'The agent asks questions in its plan mode only.' },
  GEMINI: { cannot: 'The agent asks no questions over the protocol.' },
  OPENCODE: { cannot: 'The agent asks no questions over the protocol.' },
};

/** Checks that do not pass, by check and agent; every other check passes for every agent. */
const expected: Readonly<Record<CheckName, Row>> = {
  'not logged in: fails, and says how to log in': {
    OPENCODE: { cannot: 'The agent starts without a login.' },
  },
  'logs a command with its output': { GEMINI: { cannot: 'The agent sends no output of commands.' } },
  'reports the cost': { CODEX: { cannot: noCost }, GEMINI: { cannot: noCost } },
  'a question shows its options': noQuestions,
  'an answer that fits no field is refused with the names of the fields': noQuestions,
  'the answer reaches the model': noQuestions,
  'plan becomes progress': {
    CLAUDECODE: { cannot: noPlans },
    CODEX: { cannot: noPlans },
    GEMINI: { cannot: noPlans },
  },
  'model refuses the connection: reported with code and next step': {
    CODEX: { cannot: 'The agent retries for minutes without a report.' },
  },
  'cost limit: stops within one call of the model': { CODEX: { cannot: noCost }, GEMINI: { cannot: noCost } },
  'cost limit with configured prices: stops within one call of the model': {
    CLAUDECODE: { cannot: ownCost },
    OPENCODE: { cannot: ownCost },
  },
};

export function expectationOf(agent: string, check: CheckName): Expectation | undefined {
  return (expected[check] as Readonly<Record<string, Expectation>> | undefined)?.[agent];
}

/** Rows that name a check, for a test that finds misspelled ones. */
export const expectedChecks: readonly CheckName[] = Object.keys(expected);
