import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The differences between pages. */
export interface PageFiles {
  /** Name of the script in `dist/webviews` and of the style sheet in `media/pages`. */
  readonly name: string;
  readonly title: string;
}

/** The only folders from which a page loads anything. */
export function pageRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  return [vscode.Uri.joinPath(extensionUri, 'dist', 'webviews'), vscode.Uri.joinPath(extensionUri, 'media', 'pages')];
}

/**
 * The document of a page. Its policy allows only the page's own style sheets and scripts with a fresh nonce: no inline
 * style, no `eval`, no request to any server.
 */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri, { name, title }: PageFiles): string {
  const nonce = randomBytes(16).toString('base64url');
  const [scripts, styles] = pageRoots(extensionUri);
  const uri = (folder: vscode.Uri | undefined, file: string): string =>
    folder === undefined ? '' : webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
  <meta charset="UTF-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${uri(styles, 'kit.css')}">
  <link rel="stylesheet" href="${uri(styles, `${name}.css`)}">
  <title>${escapeHtml(title)}</title>
</head>
<body>
  <main id="${name}"></main>
  <script type="module" nonce="${nonce}" src="${uri(scripts, `${name}.js`)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
