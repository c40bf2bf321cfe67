import type { AgentInfo } from '../agent/catalog.ts';
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
 * The agents that can take a task, the best first: success with similar tasks counts most, then the abilities that help.
 * Never an agent that is not here, that cannot ask although a person decides, or that runs only scripts. Deterministic:
 * equal agents keep their order.
 */
export function matchAgents(
  agents: readonly AgentInfo[],
  needs: Requirements,
  outcomes: readonly Outcome[],
): { readonly matches: readonly AgentMatch[]; readonly unfit: readonly Unfit[] } {
  const unfit: Unfit[] = [];
  const matches: AgentMatch[] = [];
  for (const agent of agents) {
    const why = unfitFor(agent, needs);
    if (why === undefined) matches.push(scored(agent, needs, outcomes));
    else unfit.push({ agent: agent.name, title: agent.title, why });
  }
  return { matches: matches.sort((a, b) => b.score - a.score), unfit };
}

function unfitFor({ kind, available, capabilities }: AgentInfo, needs: Requirements): string | undefined {
  if (kind === 'shell') return 'It runs scripts only.';
  if (!available) return 'It is not installed.';
  if (needs.asks && !capabilities.asks) return 'It cannot ask, and a person decides what it may do.';
  return undefined;
}

function scored(agent: AgentInfo, needs: Requirements, outcomes: readonly Outcome[]): AgentMatch {
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
  let score = 0.7 * rate;
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
