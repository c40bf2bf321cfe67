import * as vscode from 'vscode';
import { l10n } from '../present/l10n.ts';

/** The person went back a step. */
export const back = Symbol('back');

/** The title of a dialogue and the position of a step in it. */
export interface Frame {
  readonly title: string;
  readonly step?: number | undefined;
  readonly totalSteps?: number | undefined;
  /** Whether there is a step to go back to. */
  readonly canGoBack?: boolean | undefined;
}

export interface TextQuestion {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string | undefined;
  /** The fault of an answer, or undefined. */
  readonly check?: (value: string) => string | undefined;
}

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

export interface ChoiceQuestion<T> {
  readonly placeholder: string;
  /** Choices may come late: the list is open and busy until they do. */
  readonly choices: Promise<readonly (Choice<T> | vscode.QuickPickItem)[]>;
  readonly selected?: (value: T) => boolean;
}

/** Asks for a line of text. Undefined when the person gave up. */
export function askText(frame: Frame, question: TextQuestion): Promise<string | typeof back | undefined> {
  const input = vscode.window.createInputBox();
  input.prompt = question.prompt;
  input.value = question.value ?? '';
  if (question.placeholder !== undefined) input.placeholder = question.placeholder;
  return ask(input, frame, (answer) => [
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    }),
    input.onDidAccept(() => {
      const wrong = question.check?.(input.value);
      if (wrong === undefined) answer(input.value);
      else input.validationMessage = wrong;
    }),
  ]);
}

/** Asks to choose one. Undefined when the person gave up. */
export function askChoice<T>(frame: Frame, question: ChoiceQuestion<T>): Promise<T | typeof back | undefined> {
  const pick = vscode.window.createQuickPick<Choice<T> | vscode.QuickPickItem>();
  pick.placeholder = question.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.busy = true;
  return ask(pick, frame, (answer, fail) => {
    question.choices.then((choices) => {
      pick.items = choices;
      pick.activeItems = choices.filter((choice) => 'value' in choice && question.selected?.(choice.value) === true);
      pick.busy = false;
    }, fail);
    return [
      pick.onDidAccept(() => {
        const [chosen] = pick.selectedItems;
        if (chosen !== undefined && 'value' in chosen) answer(chosen.value);
      }),
    ];
  });
}

/** Shows a quick input and resolves with the first answer of its listeners. Undefined when the person gave up. */
export function ask<T>(
  input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>,
  frame: Frame,
  listen: (answer: (value: T) => void, fail: (error: unknown) => void) => vscode.Disposable[],
): Promise<T | typeof back | undefined> {
  input.title = frame.title;
  input.step = frame.step;
  input.totalSteps = frame.totalSteps;
  // A misplaced click must not discard the input.
  input.ignoreFocusOut = true;
  input.buttons = frame.canGoBack === true ? [vscode.QuickInputButtons.Back] : [];
  return new Promise<T | typeof back | undefined>((resolve, reject) => {
    const end = (value: T | typeof back | undefined): void => {
      resolve(value);
      for (const listener of listeners) listener.dispose();
      input.dispose();
    };
    const listeners = [
      input.onDidHide(() => end(undefined)),
      input.onDidTriggerButton((button) => {
        if (button === vscode.QuickInputButtons.Back) end(back);
      }),
      ...listen(end, (error) => {
        reject(error);
        end(undefined);
      }),
    ];
    input.show();
  });
}

/** A step of a dialogue: asks a question and returns the collected values. */
export type Step<T> = (known: T, frame: Frame) => Promise<T | typeof back | undefined>;

/**
 * Asks step by step, with a way back to the previous step, and keeps the answers. `stepsFor` returns the steps for the
 * values so far. Undefined if the person cancels.
 */
export async function askSteps<T>(
  title: string,
  start: T,
  stepsFor: (known: T) => readonly Step<T>[],
): Promise<T | undefined> {
  let known = start;
  let index = 0;
  for (;;) {
    const steps = stepsFor(known);
    const step = steps[index];
    if (step === undefined) return known;
    const frame = { title, step: index + 1, totalSteps: steps.length, canGoBack: index > 0 };
    const answer = await step(known, frame);
    if (answer === undefined) return undefined;
    if (answer === back) index -= 1;
    else {
      known = answer as T;
      index += 1;
    }
  }
}

/** The message for an empty required answer. */
export function required(what: string): (value: string) => string | undefined {
  return (value) => (value.trim() === '' ? l10n.t('{0} is required.', what) : undefined);
}
