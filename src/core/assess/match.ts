import type { AgentInfo } from '../agent/catalog.ts';
import { type Estimate, estimateOf } from './estimate.ts';
import { type Outcome, similarity } from './outcomes.ts';
import type { TaskType } from './task-type.ts';

/** Requirements of a task on its agent. */
export interface Requirements {
  readonly taskType: TaskType;
  /** 0 to 1. */
  readonly complexity: number;
  /** Kinds of tools that the task may use; empty if it has no limit. */
  readonly requiredTools: readonly string[];
  /** True if a person wants to decide what the agent may do. */
  readonly asks: boolean;
}

/** An agent with its score and the reasons. */
export interface AgentMatch {
  readonly agent: string;
  readonly title: string;
  /** 0 to 1; agents that cannot take the task are not listed. */
  readonly score: number;
  readonly reasons: readonly string[];
}

/** An agent that cannot take the task, and why. */
export interface Unfit {
  readonly agent: string;
  readonly title: string;
  readonly why: string;
}

/** The success rate of an agent without history, as if it had run two tasks. */
const PRIOR = { rate: 0.7, count: 2 };

/**
 * The agents that can take a task, the best first: success with similar tasks counts most, then the abilities that help,
 * then the spend on similar tasks, or the configured price of its model.
 * Never an agent that is not here, that cannot ask although a person decides, or that runs only scripts. Deterministic:
 * equal agents keep their order.
 */
export function matchAgents(
  agents: readonly AgentInfo[],
  needs: Requirements,
  outcomes: readonly Outcome[],
): { readonly matches: readonly AgentMatch[]; readonly unfit: readonly Unfit[] } {
  const unfit: Unfit[] = [];
  const fit: AgentInfo[] = [];
  for (const agent of agents) {
    const why = unfitFor(agent, needs);
    if (why === undefined) fit.push(agent);
    else unfit.push({ agent: agent.name, title: agent.title, why });
  }
  const spends = new Map(fit.map(({ name }) => [name, spendOf(name, needs, outcomes)] as const));
  const prices = fit.flatMap((agent) => sumOf(agent.price) ?? []);
  const matches = fit.map((agent) => scored(agent, needs, outcomes, spends, prices));
  return { matches: matches.sort((a, b) => b.score - a.score), unfit };
}

function unfitFor({ kind, available, capabilities }: AgentInfo, needs: Requirements): string | undefined {
  if (kind === 'shell') return 'It runs scripts only.';
  if (!available) return 'It is not installed.';
  if (needs.asks && !capabilities.asks) return 'It cannot ask, and a person decides what it may do.';
  return undefined;
}

/** The spend of an agent on similar tasks; undefined without enough of them. */
function spendOf(agent: string, needs: Requirements, outcomes: readonly Outcome[]): Estimate | undefined {
  const estimate = estimateOf({ agent, type: needs.taskType, complexity: needs.complexity }, outcomes);
  return estimate.basis === 0 ? undefined : estimate;
}

const spent = ['tokens', 'cost', 'minutes'] as const;

/** 1 for the agent that needs the least, 0.5 for one of which nothing is known. */
function thriftOf(own: Estimate | undefined, all: ReadonlyMap<string, Estimate | undefined>): number {
  const ratios = spent.flatMap((what) => {
    const value = own?.[what]?.expected;
    if (value === undefined || value <= 0) return [];
    const least = Math.min(...[...all.values()].flatMap((each) => each?.[what]?.expected ?? []));
    return [least / value];
  });
  return ratios.length === 0 ? 0.5 : ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}

function sumOf(price: AgentInfo['price']): number | undefined {
  return price === undefined ? undefined : price.input + price.output;
}

/** As {@link thriftOf}, for an agent without history: by its price beside those of other agents. */
function cheapness(price: AgentInfo['price'], all: readonly number[]): number {
  const own = sumOf(price);
  if (own === undefined || all.length < 2) return 0.5;
  return own === 0 ? 1 : Math.min(...all) / own;
}

function spendText({ tokens, cost, minutes }: Estimate): string {
  const parts = [
    ...(tokens === undefined ? [] : [`${Math.round(tokens.expected).toLocaleString('en')} tokens`]),
    ...(cost === undefined ? [] : [`$${cost.expected.toFixed(2)}`]),
    ...(minutes === undefined ? [] : [`${Number(minutes.expected.toPrecision(2))} minutes`]),
  ];
  return `Similar tasks took about ${parts.join(', ')}.`;
}

function scored(
  agent: AgentInfo,
  needs: Requirements,
  outcomes: readonly Outcome[],
  spends: ReadonlyMap<string, Estimate | undefined>,
  prices: readonly number[],
): AgentMatch {
  const { capabilities } = agent;
  const own = outcomes.filter((outcome) => outcome.agent === agent.name);
  const [count, success] = own.reduce(
    ([sum, good], outcome) => {
      const weight = similarity(outcome, needs.taskType, needs.complexity);
      return [sum + weight, good + (outcome.succeeded ? weight : 0)];
    },
    [0, 0],
  );
  const rate = (success + PRIOR.rate * PRIOR.count) / (count + PRIOR.count);
  const reasons = [
    own.length === 0
      ? 'No finished task here yet.'
      : `${own.filter(({ succeeded }) => succeeded).length} of ${own.length} tasks completed here.`,
  ];
  const spend = spends.get(agent.name);
  if (spend !== undefined) reasons.push(spendText(spend));
  const { price } = agent;
  if (price !== undefined) {
    reasons.push(`Its model costs $${price.input} and $${price.output} per million tokens of input and output.`);
  }
  const thrift = spend === undefined ? cheapness(price, prices) : thriftOf(spend, spends);
  let score = 0.66 * rate + 0.04 * thrift;
  const add = (share: number, applies: boolean, reason: string): void => {
    if (!applies) return;
    score += share;
    reasons.push(reason);
  };
  const limited = needs.requiredTools.length > 0;
  add(
    0.12,
    !limited || capabilities.tool_limits,
    limited ? 'It withholds tools that the task does not allow.' : 'No tools are excluded.',
  );
  add(0.06, capabilities.asks, 'It asks before it changes files or runs commands.');
  add(0.06 * needs.complexity, capabilities.resumes === true, 'It resumes its session after an interruption.');
  add(0.06 * needs.complexity, capabilities.follow_ups, 'It takes follow-ups in the same session.');
  return { agent: agent.name, title: agent.title, score: Math.round(score * 1_000) / 1_000, reasons };
}
