import * as vscode from 'vscode';
import type { LineComment } from '../../core/agent/review-prompt.ts';
import { savedComments } from '../contributions.ts';

/** A comment that waits to be sent, with its place in the editor. */
export interface SavedComment extends LineComment {
  readonly id: string;
  /** Path of the workspace folder. */
  readonly folder: string;
  readonly task: string;
  /** The document of its thread. */
  readonly uri: string;
}

/** The comments that wait to be sent, saved per workspace: a reload or a crash of the window loses none. */
export class SavedComments implements vscode.Disposable {
  private readonly state: vscode.Memento;
  private readonly changed = new vscode.EventEmitter<void>();
  private comments: readonly SavedComment[];

  readonly onDidChange = this.changed.event;

  constructor(state: vscode.Memento) {
    this.state = state;
    const saved: unknown = state.get(savedComments);
    this.comments = Array.isArray(saved) ? saved.filter(isSaved) : [];
  }

  get all(): readonly SavedComment[] {
    return this.comments;
  }

  of(folder: string, task: string): readonly SavedComment[] {
    return this.comments.filter((comment) => comment.folder === folder && comment.task === task);
  }

  async put(comment: SavedComment): Promise<void> {
    const known = this.comments.some(({ id }) => id === comment.id);
    await this.save(
      known ? this.comments.map((each) => (each.id === comment.id ? comment : each)) : [...this.comments, comment],
    );
  }

  async remove(ids: ReadonlySet<string>): Promise<void> {
    await this.save(this.comments.filter(({ id }) => !ids.has(id)));
  }

  dispose(): void {
    this.changed.dispose();
  }

  private async save(comments: readonly SavedComment[]): Promise<void> {
    this.comments = comments;
    this.changed.fire();
    // A window with a value loads the review code at its start.
    await this.state.update(savedComments, comments.length === 0 ? undefined : comments);
  }
}

/** True for a comment that this version wrote. Another version may have left other values. */
function isSaved(value: unknown): value is SavedComment {
  if (typeof value !== 'object' || value === null) return false;
  const { first, last, before, ...texts } = value as Record<string, unknown>;
  const names = ['id', 'folder', 'task', 'uri', 'file', 'code', 'text'];
  return (
    Number.isInteger(first) &&
    Number.isInteger(last) &&
    typeof before === 'boolean' &&
    names.every((name) => typeof texts[name] === 'string')
  );
}
