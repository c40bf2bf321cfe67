import { TaskError } from '../core/errors.ts';
import type { CreateTaskParams } from '../core/task/create.ts';
import { parseInput } from '../core/task/create.ts';
import { isTerminal } from '../core/task/lifecycle.ts';
import { newStepsSchema } from '../core/task/new-step-schema.ts';
import type { Execution, HandoffNote, TaskRecord } from '../core/task/schema.ts';
import { runOperation } from '../operations/operation.ts';
import { taskRestart } from '../operations/task/restart.ts';
import { taskStart } from '../operations/task/start.ts';
import { taskUpdate } from '../operations/task/update.ts';
import { type WaitOptions, waitForTasks } from '../operations/task/wait-for.ts';
import { type ContextSource, WithContext } from './context-source.ts';

/** A phase of a workflow: an agent, or a model, and the work of the phase. */
export type WorkflowPhase = NonNullable<CreateTaskParams['workflow']>[number];

/** The last execution of a phase. */
export interface PhaseResult {
  readonly phase: string;
  readonly agent: string;
  readonly outcome: Execution['outcome'];
  /** The end of the agent's last message. */
  readonly message?: string | undefined;
  readonly note?: HandoffNote | undefined;
  readonly usage?: Execution['usage'];
}

export interface WorkflowResult {
  readonly task: TaskRecord;
  /** True if all phases are completed. The session of the last one may stay open for follow-ups. */
  readonly completed: boolean;
  /** In the order of the workflow; phases that did not start have no outcome. */
  readonly phases: readonly PhaseResult[];
}

/**
 * Phases that run one after the other in the same worktree, each with its own agent.
 *
 * @example
 * const workflow = new AgentWorkflow([
 *   { agent: 'CLAUDECODE', phase: 'design', description: 'Design system architecture' },
 *   { agent: 'CODEX', phase: 'implementation', description: 'Implement the designed solution' },
 * ]);
 * const { completed, phases } = await workflow.execute(123);
 */
export class AgentWorkflow extends WithContext {
  readonly phases: readonly WorkflowPhase[];

  /** @throws TaskError `InvalidInput` for an empty workflow, an empty phase or an unknown key */
  constructor(phases: readonly WorkflowPhase[], source?: ContextSource) {
    super(source);
    this.phases = parseInput(newStepsSchema, phases);
  }

  /**
   * Gives the phases to a task, starts it and waits for its end. A task that waits for a person has not ended.
   *
   * @throws TaskError `TaskNotFound`, `AgentNotFound`, `AgentUnavailable`, `TaskRunning` or `TimedOut`; and the reason of
   *   the signal if it aborts
   */
  async execute(task: string | number, options: WaitOptions = {}): Promise<WorkflowResult> {
    const context = await this.context();
    const { id, status } = await runOperation(taskUpdate, context, { task, workflow: [...this.phases] });
    await runOperation(isTerminal(status) ? taskRestart : taskStart, context, { tasks: [id] });
    const [ended] = await waitForTasks(context, [id], options);
    if (ended === undefined) throw new TaskError('TaskNotFound', `The task "${task}" was deleted.`);
    return {
      task: ended,
      completed: ended.status === 'completed' || ended.status === 'completed_active',
      phases: phasesOf(ended),
    };
  }
}

function phasesOf({ workflow = [], executions }: TaskRecord): PhaseResult[] {
  return workflow.map(({ phase, agent }, index) => {
    const last = executions.findLast(({ step }) => step === index);
    return { phase, agent, outcome: last?.outcome, message: last?.handoff, note: last?.note, usage: last?.usage };
  });
}
