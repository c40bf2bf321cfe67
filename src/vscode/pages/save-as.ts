import * as vscode from 'vscode';

interface SavedFile {
  /** Proposed name with its extension. */
  readonly name: string;
  readonly title: string;
  readonly bytes: Uint8Array;
}

/** Writes only to the file that the person chooses. */
export async function saveAs({ name, title, bytes }: SavedFile): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const extension = name.slice(name.lastIndexOf('.') + 1);
  const uri = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder.uri, name) }),
    filters: { [extension.toUpperCase()]: [extension] },
    title,
  });
  if (uri !== undefined) await vscode.workspace.fs.writeFile(uri, bytes);
}
