import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { openWorkspace } from '../../core/task/workspace.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { commentController } from '../contributions.ts';
import type { TaskChange } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';
import { reviewedFile } from './commented-lines.ts';
import type { SavedComment, SavedComments } from './saved-comments.ts';

/** Characters of the quoted line. */
const QUOTED = 200;

/** A comment in the editor. `saved` is its last stored text, to which a cancelled edit returns. */
export interface ShownComment extends vscode.Comment {
  body: string;
  saved: SavedComment;
  thread: vscode.CommentThread;
}

/** The comments of a person on lines of the changes of a task. They wait in the workspace state until they are sent. */
export class ReviewComments implements vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly saved: SavedComments;
  private readonly controller: vscode.CommentController;
  private readonly threads = new Set<vscode.CommentThread>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(folders: TaskFolders, saved: SavedComments) {
    this.folders = folders;
    this.saved = saved;
    this.controller = vscode.comments.createCommentController(commentController, l10n.t('Review of a task'));
    this.controller.options = {
      prompt: l10n.t('Comment for the agent'),
      placeHolder: l10n.t('The agent receives all comments together when you send them.'),
    };
    this.controller.commentingRangeProvider = {
      provideCommentingRanges: (document) =>
        reviewedFile(folders, document.uri) === undefined
          ? []
          : [new vscode.Range(0, 0, Math.max(0, document.lineCount - 1), 0)],
    };
    this.subscriptions = [this.controller, folders.onDidChangeTask((change) => this.follow(change))];
    for (const comment of saved.all) this.restore(comment);
  }

  of(folder: string, task: string): readonly SavedComment[] {
    return this.saved.of(folder, task);
  }

  /** Adds a comment to a thread that the person opened on lines of a file. */
  async add({ thread, text }: vscode.CommentReply): Promise<void> {
    const place = reviewedFile(this.folders, thread.uri);
    if (place === undefined || text.trim() === '') return;
    const { start, end } = thread.range ?? new vscode.Range(0, 0, 0, 0);
    const document = await vscode.workspace.openTextDocument(thread.uri);
    const line = start.line < document.lineCount ? document.lineAt(start.line).text : '';
    const comment: SavedComment = {
      id: randomUUID(),
      folder: place.folder,
      task: place.task,
      file: place.file,
      before: place.before,
      uri: thread.uri.toString(),
      first: start.line + 1,
      last: end.line + 1,
      code: sanitizeLine(line).slice(0, QUOTED),
      text: text.trim(),
    };
    await this.saved.put(comment);
    this.show(thread, comment);
  }

  edit(comment: ShownComment): void {
    comment.mode = vscode.CommentMode.Editing;
    redraw(comment.thread);
  }

  async save(comment: ShownComment): Promise<void> {
    const text = comment.body.trim();
    if (text === '') {
      await this.remove(comment);
      return;
    }
    comment.saved = { ...comment.saved, text };
    await this.saved.put(comment.saved);
    this.cancelEdit(comment);
  }

  cancelEdit(comment: ShownComment): void {
    comment.body = comment.saved.text;
    comment.mode = vscode.CommentMode.Preview;
    redraw(comment.thread);
  }

  async remove({ thread, saved }: ShownComment): Promise<void> {
    await this.saved.remove(new Set([saved.id]));
    this.hide(new Set([saved.id]), [thread]);
  }

  /** Removes comments that were sent. */
  async clear(comments: readonly SavedComment[]): Promise<void> {
    const ids = new Set(comments.map(({ id }) => id));
    await this.saved.remove(ids);
    this.hide(ids, [...this.threads]);
  }

  dispose(): void {
    for (const thread of this.threads) thread.dispose();
    for (const subscription of this.subscriptions.splice(0).reverse()) subscription.dispose();
  }

  /** Comments on a merged, discarded or deleted result have no reader. */
  private follow({ folder, taskId, task }: TaskChange): void {
    if (task !== undefined && openWorkspace(task) !== undefined) return;
    const lost = this.saved.of(folder.path, taskId);
    if (lost.length > 0) void this.clear(lost);
  }

  private restore(comment: SavedComment): void {
    const uri = vscode.Uri.parse(comment.uri);
    const range = new vscode.Range(comment.first - 1, 0, comment.last - 1, 0);
    const known = [...this.threads].find(
      (thread) => thread.uri.toString() === comment.uri && thread.range?.isEqual(range) === true,
    );
    const thread = known ?? this.controller.createCommentThread(uri, range, []);
    this.show(thread, comment);
  }

  private show(thread: vscode.CommentThread, saved: SavedComment): void {
    const author = { name: l10n.t('You') };
    const comment: ShownComment = {
      body: saved.text,
      mode: vscode.CommentMode.Preview,
      author,
      contextValue: 'own',
      label: l10n.t('Not sent yet'),
      saved,
      thread,
    };
    thread.label = l10n.t('Comment for the agent');
    thread.collapsibleState = vscode.CommentThreadCollapsibleState.Expanded;
    thread.comments = [...thread.comments, comment];
    this.threads.add(thread);
  }

  private hide(ids: ReadonlySet<string>, threads: readonly vscode.CommentThread[]): void {
    for (const thread of threads) {
      const left = thread.comments.filter((comment) => !ids.has((comment as ShownComment).saved.id));
      if (left.length > 0) thread.comments = left;
      else {
        this.threads.delete(thread);
        thread.dispose();
      }
    }
  }
}

/** The editor draws comments again only when the list is another one. */
function redraw(thread: vscode.CommentThread): void {
  thread.comments = [...thread.comments];
}
