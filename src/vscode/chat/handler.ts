import * as vscode from 'vscode';
import { liveStandings } from '../../operations/queue/standings.ts';
import { errorText } from '../feedback/errors.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import type { TaskFolders } from '../folders/task-folders.ts';
import { l10n } from '../present/l10n.ts';
import { plainMarkdown } from '../present/markdown.ts';
import { type ChatAnswer, linked, numberIn, statusAnswer, whyAnswer } from './answers.ts';

/** Answers `@tasks` in the chat. `/status` and `/why` need no model. */
export async function answer(
  folders: TaskFolders,
  request: vscode.ChatRequest,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<void> {
  try {
    if (folders.all.length === 0) return stream.markdown(l10n.t('Open a folder first.'));
    if (request.command === 'plan') return show(await planned(folders, request, stream, token), stream);
    const number = numberIn(request.prompt);
    const asksWhy = request.command === 'why' || (request.command === undefined && number !== undefined);
    if (asksWhy) return await why(folders, number, stream);
    for (const folder of folders.all) await status(folder, folders.all.length > 1, stream);
  } catch (error) {
    if (token.isCancellationRequested) return;
    stream.markdown(plainMarkdown(errorText(error)));
  }
}

async function planned(
  folders: TaskFolders,
  request: vscode.ChatRequest,
  stream: vscode.ChatResponseStream,
  token: vscode.CancellationToken,
): Promise<ChatAnswer> {
  const [folder] = folders.all;
  if (request.prompt.trim() === '' || folder === undefined) {
    const markdown = l10n.t('Describe the work after /plan, for example: /plan Add a dark mode to the settings page.');
    return { markdown, buttons: [], tasks: [] };
  }
  stream.progress(l10n.t('Writing a plan'));
  const { planAnswer } = await import('./plan.ts');
  return planAnswer(request, folder, token);
}

async function status(folder: TaskFolder, named: boolean, stream: vscode.ChatResponseStream): Promise<void> {
  if (named) stream.markdown(`### ${plainMarkdown(folder.name)}\n\n`);
  await folder.settled();
  if (folder.state.kind === 'absent') return stream.markdown(l10n.t('This folder has no tasks yet.'));
  const host = await folder.ready();
  show(statusAnswer([...host.store.view.all()], liveStandings(host), folder.path), stream, folder);
}

async function why(folders: TaskFolders, number: number | undefined, stream: vscode.ChatResponseStream): Promise<void> {
  if (number === undefined) return stream.markdown(l10n.t('Name a task, for example: /why 12'));
  for (const folder of folders.all) {
    await folder.settled();
    const host = folder.state.kind === 'absent' ? undefined : await folder.ready();
    const task = host?.store.view.byNumber(number);
    if (host === undefined || task === undefined) continue;
    return show(whyAnswer(task, liveStandings(host)(task), folder.path), stream, folder);
  }
  stream.markdown(l10n.t('There is no task #{0}.', number));
}

function show({ markdown, buttons, tasks }: ChatAnswer, stream: vscode.ChatResponseStream, folder?: TaskFolder): void {
  const text = new vscode.MarkdownString(markdown);
  text.isTrusted = { enabledCommands: [linked] };
  stream.markdown(text);
  for (const { title, command, args } of buttons) {
    if (command !== undefined) stream.button({ title, command, arguments: [...(args ?? [])] });
  }
  for (const { id } of tasks) {
    const file = folder?.host?.store.maintenance?.taskFile(id);
    if (file !== undefined) stream.reference(vscode.Uri.file(file));
  }
}
