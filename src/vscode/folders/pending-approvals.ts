import type { Approval } from '../../core/task/approval.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import { noticedRequests } from '../present/notice-text.ts';
import { folderStanding } from './folder-standing.ts';
import { TaskFacts } from './task-facts.ts';
import type { TaskFolder } from './task-folder.ts';
import type { TaskFolders } from './task-folders.ts';

/** A request that waits for a person. */
export interface PendingApproval {
  readonly folder: TaskFolder;
  readonly task: TaskRecord;
  readonly approval: Approval;
}

/** The pending requests of all folders. Context keys, notifications and the Approvals view read it. */
export class PendingApprovals extends TaskFacts<TaskRecord> {
  constructor(folders: TaskFolders) {
    super(folders, ['pending', 'in_progress', 'paused'], (folder, task) =>
      requestsOf(folder, task).length > 0 ? task : undefined,
    );
  }

  /** Oldest first. */
  list(): PendingApproval[] {
    const all: PendingApproval[] = [];
    for (const [folder, tasks] of this.all) {
      for (const task of tasks.values()) {
        for (const approval of requestsOf(folder, task)) all.push({ folder, task, approval });
      }
    }
    return all.sort((a, b) => (a.approval.requested_at < b.approval.requested_at ? -1 : 1));
  }
}

function requestsOf(folder: TaskFolder, task: TaskRecord): readonly Approval[] {
  return task.approvals.length === 0 ? [] : noticedRequests(folderStanding(folder, task, Date.now()));
}
