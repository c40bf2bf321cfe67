import { continuePrompt, promptFor, resumePrompt, withRestoreNote } from '../../core/agent/prompt.ts';
import { answerPrompt, takeAnswer, waitingAnswer } from '../../core/task/question.ts';
import { requireLease } from '../../core/task/run.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { complete, takeFollowUp, waitingFollowUps } from '../../core/task/session.ts';
import type { TaskStore } from '../../store/task-store.ts';

/** The prompts that people give to the open session of a task whose lease a worker holds. */
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
   */
  async first(
    task: TaskRecord,
    { resume, resumed }: { readonly resume: string | undefined; readonly resumed: boolean },
  ): Promise<string> {
    return withRestoreNote(await this.begin(task, resume, resumed), task);
  }

  private async begin(task: TaskRecord, resume: string | undefined, resumed: boolean): Promise<string> {
    const answer = await this.takeAnswer();
    if (resumed) return answer ?? resumePrompt(task);
    if (resume === undefined && answer === undefined) return promptFor(task);
    const { entries } = await this.store.getLogs(task.id, { limit: 300 });
    const asked = answer === undefined ? '' : `\n\n## The answer to its last question\n\n${answer}`;
    return `${continuePrompt(task, entries)}${asked}`;
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
      if (next === undefined || task.status !== 'completed_active') return undefined;
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
      if (task.status !== 'completed_active' || task.review === 'required') return;
      draft.patch(this.taskId, complete(task, draft.at, { reason }));
    });
  }
}
