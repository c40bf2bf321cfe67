import * as vscode from 'vscode';
import { visibleLine } from '../../core/text/visible.ts';
import type { TaskFolder } from '../folders/task-folder.ts';

const OFFERED = 20;

/** Paths of files in a folder that contain the query in any case, with slashes. Git-ignored files are left out. */
export async function findFiles({ folder }: TaskFolder, query: string): Promise<{ paths: string[] }> {
  // Characters with a meaning in patterns match nothing here.
  if (!/^[\w./-]*$/.test(query)) return { paths: [] };
  const letters = query.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
  const pattern = new vscode.RelativePattern(folder, query.includes('/') ? `${letters}*` : `**/*${letters}*`);
  const uris = await vscode.workspace.findFiles(pattern, '**/{.git,node_modules,.systemprompt}/**', OFFERED);
  const paths = uris.map((uri) => uri.path.slice(folder.uri.path.length + 1));
  return { paths: paths.filter((path) => visibleLine(path) === path).sort((a, b) => a.length - b.length) };
}
