import * as vscode from 'vscode';
import { TaskError } from '../../core/errors.ts';
import type { OutputOf } from '../../operations/all.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { justification } from '../models/call-model.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { plainMarkdown } from '../present/markdown.ts';
import type { ChatAnswer } from './answers.ts';

/** Attempts of the model to write a plan that can be read. */
const ATTEMPTS = 2;
const MAX_CHARS = 100_000;

const directions = `Write a plan of tasks for coding agents as YAML, and nothing else:
project: short name
items:
  - title: imperative phrase
    instructions: everything an agent needs for this task
    acceptance: [criteria, each checkable]
    dependsOn: [titles of earlier items that must be completed first]
Make each task small enough for one pull request. Let tasks that touch the same files depend on each other.
The request:
`;

type Preview = OutputOf<'plan.apply'>;

/** Lets the model of the chat write a plan, and shows it; a button creates its tasks. */
export async function planAnswer(
  request: vscode.ChatRequest,
  folder: TaskFolder,
  token: vscode.CancellationToken,
): Promise<ChatAnswer> {
  const messages = [vscode.LanguageModelChatMessage.User(directions + request.prompt)];
  for (let attempt = 1; ; attempt += 1) {
    const plan = await answerOf(request.model, messages, token);
    try {
      return shown(await operate(folder, 'plan.apply', { plan, dryRun: true }), plan, folder);
    } catch (error) {
      const { message } = TaskError.from(error);
      if (attempt === ATTEMPTS || token.isCancellationRequested) throw error;
      messages.push(vscode.LanguageModelChatMessage.Assistant(plan));
      messages.push(vscode.LanguageModelChatMessage.User(`This plan cannot be read: ${message} Write it again.`));
    }
  }
}

async function answerOf(
  model: vscode.LanguageModelChat,
  messages: vscode.LanguageModelChatMessage[],
  token: vscode.CancellationToken,
): Promise<string> {
  const response = await model.sendRequest(messages, { justification: justification() }, token);
  let text = '';
  for await (const part of response.text) {
    text += part;
    if (text.length > MAX_CHARS) throw new TaskError('TooLarge', l10n.t('The plan of the model is too long.'));
  }
  return /```(?:ya?ml)?\n([\s\S]*?)```/.exec(text)?.[1] ?? text;
}

function shown({ tasks, problems }: Preview, plan: string, folder: TaskFolder): ChatAnswer {
  const lines = tasks.map(({ title, depth, dependsOn }) => {
    const after = dependsOn.length === 0 ? '' : ` (${l10n.t('after {0}', dependsOn.map(plainMarkdown).join(', '))})`;
    return `${'  '.repeat(depth)}- ${plainMarkdown(title)}${after}`;
  });
  const faults = problems.map(({ message }) => `- ${plainMarkdown(message)}`);
  const title = tasks.length === 1 ? l10n.t('Create 1 Task') : l10n.t('Create {0} Tasks', tasks.length);
  const create = { title, command: 'systemprompt.plan.create', args: [plan, folder.path] };
  return {
    markdown: [lines.join('\n'), ...(faults.length === 0 ? [] : [faults.join('\n')])].join('\n\n'),
    buttons: faults.length === 0 && tasks.length > 0 ? [create] : [],
    tasks: [],
  };
}
