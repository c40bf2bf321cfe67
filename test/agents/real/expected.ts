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
  'logs the diff of a written file': {
    OPENCODE: { fault: 9, why: 'The log has the text of the written file without a diff.' },
  },
  'logs a command with its output': { GEMINI: { cannot: 'The agent sends no output of commands.' } },
  'counts calls beside the conversation': {
    GEMINI: { fault: 3, why: 'Calls that choose the model are not counted.' },
  },
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

const newer: readonly CheckName[] = [
  'cancelled in an answer: counts the tokens of the finished calls',
  'limit of minutes: stops in the call of the model',
  'limit of iterations: stops before the next call of the model',
];
const forbidden: readonly CheckName[] = [
  'a forbidden command that only reads does not run',
  'the task continues after a forbidden command',
];
const prices = 'cost limit with configured prices: stops within one call of the model';

/** Checks that have not been judged for an agent since the product or the check changed. */
const untried: Readonly<Record<string, readonly CheckName[]>> = {
  CLAUDECODE: [...newer, ...forbidden],
  CODEX: [...newer, ...forbidden, prices],
  GEMINI: [...newer, prices],
  OPENCODE: [
    ...forbidden,
    'limit of iterations: stops before the next call of the model',
    'agent killed: fails with the reason',
    'agent killed: resumes in the same session',
    'agent killed: repeats no finished tool call',
    'worker killed: pauses, and its agent ends',
    'worker killed: resumes in the same session',
    'worker killed: repeats no finished tool call',
    'model answers 401: reported with code and next step',
    'model answers 429: reported with code and next step',
    'model answers 500: reported with code and next step',
    'model answers 404 for an unknown model: reported with code and next step',
    'model refuses the connection: reported with code and next step',
  ],
};

export function expectationOf(agent: string, check: CheckName): Expectation | undefined {
  if (untried[agent]?.includes(check) === true) return { untried: true };
  return (expected[check] as Readonly<Record<string, Expectation>> | undefined)?.[agent];
}

/** Rows that name a check, for a test that finds misspelled ones. */
export const expectedChecks: readonly CheckName[] = [...Object.keys(expected), ...Object.values(untried).flat()];
