import { execFile } from 'node:child_process';
import * as vscode from 'vscode';

/** What a call of the command line gave. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The folder that is open in the window under test. */
export function workspaceFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('no folder is open');
  return folder.uri.fsPath;
}

/** Runs the built command line in the open folder, as a process of its own: how "somebody else" changes the store. */
export function cli(...args: readonly string[]): Promise<CliResult> {
  const node = required('HOST_TEST_NODE');
  const script = required('HOST_TEST_CLI');
  return new Promise((resolve) => {
    execFile(node, [script, ...args, '-C', workspaceFolder()], { encoding: 'utf8' }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

/** As {@link cli} with `--json`, for calls that must succeed: the parsed answer. */
export async function cliJson(...args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await cli(...args, '--json');
  if (code !== 0) throw new Error(`systemprompt ${args.join(' ')} ended with code ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as unknown;
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: these tests are started by test/host/run.ts`);
  return value;
}
