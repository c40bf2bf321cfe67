import * as vscode from 'vscode';
import { visibleLine } from '../../core/text/visible.ts';
import { reviewScheme } from '../contributions.ts';

/** One side of one file that a task has changed. */
export interface ReviewSide {
  /** Path of the workspace folder. */
  readonly folder: string;
  readonly task: string;
  /** The file in the repository. */
  readonly file: string;
  readonly side: 'before' | 'after';
  /** Shows characters that do not print as their codes. */
  readonly codes: boolean;
}

/**
 * The path gives the document its name and language; all that counts is in the query. Beside a file of a worktree it is
 * that file's, because the editor takes two sides with other paths for a renamed file.
 */
export function reviewUri({ folder, task, file, side, codes }: ReviewSide, beside?: vscode.Uri): vscode.Uri {
  const query = new URLSearchParams({ folder, task, file, side, codes: String(codes) }).toString();
  return vscode.Uri.from({ scheme: reviewScheme, path: beside?.path ?? `/${visibleLine(file)}`, query });
}

/** Undefined for a URI that is not one of ours. */
export function parseReviewUri(uri: vscode.Uri): ReviewSide | undefined {
  if (uri.scheme !== reviewScheme) return undefined;
  const query = new URLSearchParams(uri.query);
  const [folder, task, file] = [query.get('folder'), query.get('task'), query.get('file')];
  if (folder === null || task === null || file === null) return undefined;
  return {
    folder,
    task,
    file,
    side: query.get('side') === 'before' ? 'before' : 'after',
    codes: query.get('codes') === 'true',
  };
}
