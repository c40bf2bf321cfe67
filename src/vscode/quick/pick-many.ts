import * as vscode from 'vscode';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { l10n } from '../present/l10n.ts';
import { ask, type back, type Frame } from './input.ts';

interface Item extends vscode.QuickPickItem {
  readonly value: string;
}

interface ManyQuestion {
  readonly placeholder: string;
  readonly items: readonly Item[];
  readonly selected: readonly string[];
  /** A person may type a value that is not in the list. */
  readonly free: boolean;
}

/** Asks to choose any number of values. Undefined if the person cancels. */
export function pickMany(frame: Frame, question: ManyQuestion): Promise<string[] | typeof back | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.placeholder = question.placeholder;
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  let items = [...question.items];
  // The selection when the person typed last. If it is still the same, Enter means the typed word.
  let selectedBefore = '';
  const selection = (): string => pick.selectedItems.map(({ value }) => value).join('\n');
  pick.items = items;
  pick.selectedItems = items.filter(({ value }) => question.selected.includes(value));
  return ask(pick, frame, (answer) => [
    pick.onDidChangeValue((typed) => {
      if (!question.free) return;
      // Selected values that a person typed stay in the list.
      const chosen = pick.selectedItems;
      const word = typed.trim();
      const known = question.items.some(({ value }) => value === word);
      const kept = items.filter((item) => question.items.includes(item) || chosen.includes(item));
      const added = word === '' || known ? [] : [{ label: word, description: l10n.t('new'), value: word }];
      items = [...added.filter(({ value }) => !kept.some((item) => item.value === value)), ...kept];
      pick.items = items;
      pick.selectedItems = chosen;
      selectedBefore = selection();
    }),
    pick.onDidAccept(() => {
      const word = pick.value.trim();
      const typed = question.free && word !== '' && selection() === selectedBefore ? [word] : [];
      answer([...new Set([...pick.selectedItems.map(({ value }) => value), ...typed])]);
    }),
  ]);
}

/** Asks for one name out of a list, or a new one. Null removes the name; undefined if the person cancels. */
export function pickName(frame: Frame, names: readonly string[]): Promise<string | null | typeof back | undefined> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly value: string | null }>();
  pick.placeholder = l10n.t('Choose a name, or type a new one');
  const known = names.map((name) => ({ label: sanitizeLine(name), value: name }));
  const none = { label: l10n.t('None'), value: null };
  pick.items = [...known, none];
  return ask<string | null>(pick, frame, (answer) => [
    pick.onDidChangeValue((typed) => {
      const word = typed.trim();
      const added =
        word === '' || names.includes(word) ? [] : [{ label: word, description: l10n.t('new'), value: word }];
      pick.items = [...added, ...known, none];
    }),
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen !== undefined) answer(chosen.value);
    }),
  ]);
}
