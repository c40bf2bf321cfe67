import type { CheckName } from './scenario.ts';

/** Why a check does not pass for an agent. */
export type Expectation = KnownFault | Missing | Untried;

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

/** No run of the check has been judged for the agent yet; it does not run. */
interface Untried {
  readonly untried: true;
}

type Row = Readonly<Partial<Record<'CLAUDECODE' | 'CODEX' | 'GEMINI' | 'OPENCODE', Expectation>>>;

const noCost = 'The agent reports no cost.';

const lostReason = 'The reason of a rejection does not reach the model.';
const restarts = 'A task whose agent was killed can only be restarted.';
const betweenTurns = 'A limit stops the task between turns only.';

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
  'logs a written file with its text and the duration': {
    CODEX: { fault: 9, why: 'The log has no text of a written file.' },
    GEMINI: { fault: 9, why: 'The log has no text of a written file.' },
  },
  'logs the diff of a written file': everyone(9, 'The log has no diff of a written file.'),
  'counts the tokens of two turns exactly': {
    OPENCODE: { fault: 2, why: 'Only the last call of a turn is counted.' },
  },
  'counts calls beside the conversation': everyone(3, 'Calls for titles or routing are not counted.'),
  'reports the cost': { CODEX: { cannot: noCost }, GEMINI: { cannot: noCost } },
  'the reason of a rejection reaches the model': {
    CLAUDECODE: { fault: 6, why: lostReason },
    CODEX: { fault: 6, why: lostReason },
    GEMINI: { fault: 6, why: lostReason },
  },
  'the task goes on after a rejection': {
    CODEX: { fault: 6, why: 'A rejection or refusal ends the task.' },
  },
  'the task goes on after a refusal': {
    CODEX: { fault: 6, why: 'A rejection or refusal ends the task.' },
  },
  'a chosen model reaches the API': {
    GEMINI: { fault: 11, why: 'The agent keeps its default model.' },
  },
  'an unknown model fails before the first call': everyone(11, 'An unknown model runs as the default one.'),
  'a question shows its options': noQuestions,
  'the answer reaches the model': noQuestions,
  'plan becomes progress': {
    CODEX: { cannot: 'The agent gives its model no tool for plans.' },
    GEMINI: { cannot: 'The agent gives its model no tool for plans.' },
  },
  'agent killed: resumes in the same session': everyone(10, restarts),
  'agent killed: repeats no finished tool call': everyone(10, restarts),
  'agent killed: counts the tokens of the finished calls': everyone(10, restarts),
  'worker killed: counts the tokens of the finished calls': everyone(3, 'Tokens of an unfinished turn are lost.'),
  'token limit: stops within one call of the model': everyone(2, betweenTurns),
  'cost limit: stops within one call of the model': everyone(2, betweenTurns),
};

export function expectationOf(agent: string, check: CheckName): Expectation | undefined {
  return (expected[check] as Readonly<Record<string, Expectation>> | undefined)?.[agent];
}

/** Rows that name a check, for a test that finds misspelled ones. */
export const expectedChecks: readonly CheckName[] = Object.keys(expected);
