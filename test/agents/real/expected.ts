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

const noQuestions: Row = {
  CODEX: { cannot: 'The agent asks questions in its plan mode only.' },
  GEMINI: { cannot: 'The agent asks no questions over the protocol.' },
  OPENCODE: { cannot: 'The agent asks no questions over the protocol.' },
};

function everyone(fault: number, why: string): Row {
  const known = { fault, why };
  return { CLAUDECODE: known, CODEX: known, GEMINI: known, OPENCODE: known };
}

/** Checks that do not pass, by check and agent; every other check passes for every agent. */
const expected: Readonly<Record<CheckName, Row>> = {
  'logs a written file with input, diff and duration': everyone(9, 'The log has no diff of a written file.'),
  'counts the tokens of two turns exactly': {
    OPENCODE: { fault: 2, why: 'Only the last call of a turn is counted.' },
  },
  'counts calls beside the conversation': everyone(3, 'Calls for titles or routing are not counted.'),
  'reports the cost': { CODEX: { cannot: noCost }, GEMINI: { cannot: noCost } },
  'a question shows its options': noQuestions,
  'the answer reaches the model': noQuestions,
  'plan becomes progress': {
    CODEX: { cannot: 'The agent gives its model no tool for plans.' },
    GEMINI: { cannot: 'The agent gives its model no tool for plans.' },
  },
};

export function expectationOf(agent: string, check: CheckName): Expectation | undefined {
  return (expected[check] as Readonly<Record<string, Expectation>> | undefined)?.[agent];
}

/** Rows that name a check, for a test that finds misspelled ones. */
export const expectedChecks: readonly CheckName[] = Object.keys(expected);
