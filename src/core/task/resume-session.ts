import type { TaskPatch } from './lifecycle.ts';
import type { TaskRecord } from './schema.ts';

/** The session that the next execution resumes after a failure, under its present or its former key. */
export function resumeSession(task: Pick<TaskRecord, 'resume_session_id' | 'goes_on_with'>): string | undefined {
  return task.resume_session_id ?? task.goes_on_with;
}

/** Sets the session to resume; undefined clears it. */
export function setResumeSession(id: string | undefined): TaskPatch {
  return { resume_session_id: id, goes_on_with: undefined };
}
