import * as vscode from 'vscode';
import type { TaskFolders } from '../folders/task-folders.ts';
import type { ContextKeys } from '../register.ts';
import { ReviewComments } from './review-comments.ts';
import { ReviewTitles } from './review-titles.ts';
import { SavedComments } from './saved-comments.ts';

/** The review of results in one window: comments on lines, and the buttons in the title of a diff. */
export class Reviews implements vscode.Disposable {
  readonly comments: ReviewComments;
  private readonly parts: vscode.Disposable;

  constructor(folders: TaskFolders, keys: ContextKeys, state: vscode.Memento) {
    const saved = new SavedComments(state);
    this.comments = new ReviewComments(folders, saved);
    this.parts = vscode.Disposable.from(new ReviewTitles(folders, saved, keys), this.comments, saved);
  }

  dispose(): void {
    this.parts.dispose();
  }
}
