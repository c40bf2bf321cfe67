import * as vscode from 'vscode';
import { changesScheme } from '../contributions.ts';

/** The task whose changes an editor shows. */
interface ShownChanges {
  /** Path of the workspace folder. */
  readonly folder: string;
  readonly task: string;
}

/** The last part of the path is the id of the task, which `when` clauses compare. */
export function changesUri({ folder, task }: ShownChanges, file?: string): vscode.Uri {
  const query = new URLSearchParams({ folder, ...(file === undefined ? {} : { file }) }).toString();
  return vscode.Uri.from({ scheme: changesScheme, path: `/${task}`, query });
}

/** The task of a URI that an editor passes to a command of its title. Undefined for any other value. */
export function parseChangesUri(value: unknown): ShownChanges | undefined {
  if (!(value instanceof vscode.Uri) || value.scheme !== changesScheme) return undefined;
  const folder = new URLSearchParams(value.query).get('folder');
  return folder === null ? undefined : { folder, task: value.path.slice(1) };
}
