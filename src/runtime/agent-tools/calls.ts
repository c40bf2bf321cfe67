import { type OwnTool, ownTools } from '../../core/agent/own-tools.ts';
import type { AgentClient } from '../../core/agent/port.ts';
import { TaskError } from '../../core/errors.ts';
import { suggestions, textStep } from '../../core/next-step.ts';
import { parseInput } from '../../core/task/create.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import { requireLease } from '../../core/task/run.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { patchExecution } from '../../core/task/spend.ts';
import { compileRedaction, secretsOf } from '../../core/text/redact.ts';
import type { TaskStore } from '../../store/task-store.ts';
import { askInput, currentInput, handOverInput, noteInput, partInput, progressInput } from './inputs.ts';
import { createPart } from './parts.ts';
import { taskForAgent } from './shown-task.ts';

/** The run whose agent calls. */
export interface AgentCallsOptions {
  readonly store: TaskStore;
  readonly taskId: string;
  readonly executionId: string;
  /** The worker's id, as in the lease. */
  readonly worker: string;
  /** The name of the server in this run, for the policy. */
  readonly server: string;
  readonly isPlaying: () => boolean;
  readonly client: Pick<AgentClient, 'log' | 'progress' | 'permission'> & {
    question: NonNullable<AgentClient['question']>;
  };
}

type Result = Record<string, unknown>;

/** The calls of one agent in one run. Its rights end with the lease, and cover its own task and the parts of that task. */
export class AgentCalls {
  private readonly options: AgentCallsOptions;
  private readonly redact = compileRedaction(secretsOf(process.env));
  /** Answers by question: a call that timed out is repeated. */
  private readonly asked = new Map<string, Promise<Result>>();

  constructor(options: AgentCallsOptions) {
    this.options = options;
  }

  /** @throws TaskError `InvalidInput`, `LeaseLost`, or `ToolPermissionDenied` for the task of another agent */
  async call(name: string, input: unknown): Promise<Result> {
    const tool = ownTools.find((each) => each === name);
    if (tool === undefined) {
      throw new TaskError('InvalidInput', `There is no tool "${name}".`, { next: suggestions(name, ownTools) });
    }
    await this.options.store.refresh();
    this.requireOwn();
    return this.carryOut(tool, this.clean(input));
  }

  private carryOut(tool: OwnTool, input: unknown): Promise<Result> | Result {
    switch (tool) {
      case 'task_current':
        return taskForAgent(this.options.store.view, this.target(parseInput(currentInput, input).task));
      case 'task_progress':
        return this.progress(parseInput(progressInput, input));
      case 'task_note':
        return this.note(parseInput(noteInput, input));
      case 'task_ask':
        return this.ask(parseInput(askInput, input));
      case 'task_create_part':
        return this.part(parseInput(partInput, input));
      case 'task_hand_over':
        return this.handOver(parseInput(handOverInput, input));
    }
  }

  private async progress({ percent, message }: ReturnType<typeof progressInput.parse>): Promise<Result> {
    this.options.client.progress(percent);
    if (message !== undefined)
      await this.options.client.log({ type: 'progress', message, metadata: { progress: percent } });
    return { progress: percent };
  }

  private async note({ text, task }: ReturnType<typeof noteInput.parse>): Promise<Result> {
    const { id, number } = this.target(task);
    await this.options.store.appendLog(id, [this.entry('note', text)]);
    return { task: number };
  }

  private ask({ question, options = [] }: ReturnType<typeof askInput.parse>): Promise<Result> {
    const key = JSON.stringify([question, options]);
    const open = this.asked.get(key) ?? this.question(question, options);
    this.asked.set(key, open);
    return open;
  }

  private async question(question: string, options: readonly string[]): Promise<Result> {
    const title = (question.split('\n', 1)[0] ?? question).slice(0, 300);
    const choices = options.length === 0 ? '' : `\n\n${options.map((option) => `- ${option}`).join('\n')}`;
    const { approved, notes, cancelled } = await this.options.client.question({
      title,
      detail: { question: `${question}${choices}` },
    });
    if (cancelled === true) return { answered: false, reason: 'The run ended before an answer.' };
    if (approved) return { answered: true, answer: notes ?? '' };
    return { answered: false, reason: notes ?? 'The person gave no answer. Continue as you think best.' };
  }

  private async part(input: ReturnType<typeof partInput.parse>): Promise<Result> {
    const { client, server, isPlaying } = this.options;
    const decision = await client.permission({
      title: `Create a part: ${input.title}`,
      detail: { toolName: `mcp__${server}__task_create_part`, toolKind: 'other', input },
    });
    if (!decision.approved) {
      throw new TaskError('ToolPermissionDenied', decision.notes ?? 'The part was not approved.', {
        next: [textStep('Continue without the part.')],
      });
    }
    this.requireOwn();
    return createPart({ ...this.options, playing: isPlaying() }, input);
  }

  private async handOver(note: ReturnType<typeof handOverInput.parse>): Promise<Result> {
    const { store, taskId, executionId, worker } = this.options;
    await store.transact('agent.handover', (draft) => {
      const task = requireLease(draft.byId(taskId), worker);
      draft.patch(taskId, { executions: patchExecution(task, executionId, { note }) });
      draft.log(taskId, { ...this.entry('handover', note.done), metadata: { source: 'agent', note } });
    });
    return { stored: true };
  }

  private entry(prefix: string, message: string): LogDraft {
    return { type: 'agent', prefix, message, metadata: { source: 'agent' } };
  }

  private requireOwn(): TaskRecord {
    const { store, taskId, worker, executionId } = this.options;
    const task = requireLease(store.view.byId(taskId), worker);
    const execution = task.executions.find(({ id }) => id === executionId);
    if (execution !== undefined && execution.ended_at === undefined) return task;
    throw new TaskError('LeaseLost', 'This run has ended.');
  }

  /** The own task, or a part of it. Another one is refused and logged. */
  private target(reference: string | number | undefined): TaskRecord {
    const own = this.requireOwn();
    if (reference === undefined || String(reference) === own.id || String(reference) === String(own.number)) return own;
    const { view } = this.options.store;
    const named = typeof reference === 'number' || /^\d+$/.test(reference);
    const found = named ? view.byNumber(Number(reference)) : view.byId(reference);
    if (found?.parent_id === own.id) return found;
    void this.options.client.log({
      type: 'tool',
      level: 'warn',
      message: `Refused: the agent asked for the task "${String(reference)}", which is not its own.`,
      metadata: { source: 'policy', refused: true },
    });
    // The same answer for a missing task: an agent does not learn which tasks exist.
    throw new TaskError('ToolPermissionDenied', `"${String(reference)}" is neither your task nor a part of it.`, {
      next: [textStep('Leave out "task" for your own task.')],
    });
  }

  private clean(value: unknown): unknown {
    return JSON.parse(this.redact(JSON.stringify(value ?? {})));
  }
}
