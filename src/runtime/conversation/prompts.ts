import {
  continuePrompt,
  promptFor,
  resumePrompt,
  withChanges,
  withLessons,
  withRestoreNote,
} from '../../core/agent/prompt.ts';
import { needsAcceptance } from '../../core/task/collaboration.ts';
import { answerPrompt, takeAnswer, waitingAnswer } from '../../core/task/question.ts';
import { requireLease } from '../../core/task/run.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { complete, takeFollowUp, waitingFollowUps } from '../../core/task/session.ts';
import { isNewRound } from '../../core/task/workflow.ts';
import type { TaskStore } from '../../store/task-store.ts';

interface FirstPrompt {
  readonly resume: string | undefined;
  readonly resumed: boolean;
  readonly changes?: string | undefined;
  readonly lessons?: string | undefined;
}

/** The prompts of people for the open session of a leased task. */
export class Prompts {
  private readonly store: TaskStore;
  private readonly taskId: string;
  private readonly worker: string;

  constructor({ store, taskId, worker }: { store: TaskStore; taskId: string; worker: string }) {
    this.store = store;
    this.taskId = taskId;
    this.worker = worker;
  }

  /**
   * The first prompt of a session.
   *
   * @param resume the session to resume, if requested
   * @param resumed true if the agent resumed it
   * @param changes the diff of the earlier steps
   * @param lessons the lessons of the folder, which a resumed session already has
   */
  async first(task: TaskRecord, { resume, resumed, changes, lessons }: FirstPrompt): Promise<string> {
    const begun = withRestoreNote(await this.begin(task, resume, resumed), task);
    return withChanges(withLessons(begun, task, resumed ? undefined : lessons), task, changes);
  }

  private async begin(task: TaskRecord, resume: string | undefined, resumed: boolean): Promise<string> {
    const answer = await this.takeAnswer();
    // A review sent the work back, or reviews it again.
    if (answer === undefined && isNewRound(task)) return promptFor(task);
    const feedback = answer === undefined ? await this.takeFollowUp() : undefined;
    if (resumed) return answer ?? feedback ?? resumePrompt(task);
    if (resume === undefined && answer === undefined && feedback === undefined) return promptFor(task);
    const { entries } = await this.store.getLogs(task.id, { limit: 300 });
    const asked = answer === undefined ? '' : `\n\n## The answer to its last question\n\n${answer}`;
    const said = feedback === undefined ? '' : `\n\n## The feedback of a person\n\n${feedback}`;
    return `${continuePrompt(task, entries)}${asked}${said}`;
  }

  /** Takes the person's answer to the question that ended the last turn. Undefined without one. */
  takeAnswer(): Promise<string | undefined> {
    return this.store.transact('run.answer', (draft) => {
      const task = requireLease(draft.byId(this.taskId), this.worker);
      const answered = waitingAnswer(task);
      if (answered === undefined) return undefined;
      const message = answerPrompt(answered);
      draft.patch(this.taskId, takeAnswer(task, answered.id, draft.at));
      draft.log(this.taskId, { type: 'agent', message, prefix: 'ANSWER', metadata: { source: 'person' } });
      return message;
    });
  }

  /** Takes the oldest undelivered follow-up. Undefined without one. */
  takeFollowUp(): Promise<string | undefined> {
    return this.store.transact('run.follow-up', (draft) => {
      const task = requireLease(draft.byId(this.taskId), this.worker);
      const [next] = waitingFollowUps(task);
      if (next === undefined || (task.status !== 'completed_active' && task.status !== 'in_progress')) return undefined;
      draft.patch(this.taskId, takeFollowUp(task, next.id, draft.at));
      draft.log(this.taskId, {
        type: 'agent',
        message: next.prompt,
        prefix: 'FOLLOW_UP',
        metadata: { source: 'person' },
      });
      return next.prompt;
    });
  }

  /** Completes the task because its session ends, unless a person must review it. */
  async accept(reason: string): Promise<void> {
    await this.store.transact('run.accept', (draft) => {
      const task = requireLease(draft.byId(this.taskId), this.worker);
      if (task.status !== 'completed_active' || needsAcceptance(task)) return;
      draft.patch(this.taskId, complete(task, draft.at, { reason }));
    });
  }
}
