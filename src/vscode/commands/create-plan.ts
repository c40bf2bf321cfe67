import * as vscode from 'vscode';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import type { Handler } from './context.ts';

/** Creates the tasks of a plan that the chat has shown. They do not start. */
export const createPlan: Handler = async ({ folders, view }, [plan, path]) => {
  if (typeof plan !== 'string' || typeof path !== 'string') return;
  const folder = folders.find(path);
  if (folder === undefined) return;
  const { tasks } = await operate(folder, 'plan.apply', { plan });
  const [first] = tasks;
  if (first?.id !== undefined) await view.show(folder, first.id);
  const text = tasks.length === 1 ? l10n.t('Created 1 task.') : l10n.t('Created {0} tasks.', tasks.length);
  void vscode.window.showInformationMessage(text);
};
