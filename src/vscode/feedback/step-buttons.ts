import type { NextStep } from '../../core/next-step.ts';
import { limitNames } from '../../core/policy/limit-names.ts';
import type { CommandId } from '../contributions.ts';
import { l10n } from '../present/l10n.ts';

/** A button of a message: a command to run, or a text to copy. */
export interface StepButton {
  readonly title: string;
  readonly command?: string;
  readonly args?: readonly unknown[];
  readonly copy?: string;
  /** The step that it carries out. */
  readonly step?: NextStep;
}

/** More than three buttons do not fit into a notification. */
const BUTTONS = 3;

/** Commands of the editor for operations; they ask for the rest of the input themselves. */
const commands: Readonly<Record<string, CommandId>> = {
  agents: 'systemprompt.agents.review',
  'task.confirm': 'systemprompt.task.confirm',
  'task.answer': 'systemprompt.approval.answer',
  'task.approve': 'systemprompt.approval.approve',
  'task.cancel': 'systemprompt.task.cancel',
  'task.checkpoint': 'systemprompt.task.checkpoint',
  'task.complete': 'systemprompt.task.complete',
  'task.diff': 'systemprompt.task.review',
  'task.discard': 'systemprompt.task.discard',
  'task.follow-up': 'systemprompt.task.followUp',
  'task.merge': 'systemprompt.task.merge',
  'task.reject': 'systemprompt.approval.reject',
  'task.restart': 'systemprompt.task.restart',
  'task.resume': 'systemprompt.task.start',
  'task.start': 'systemprompt.task.start',
  'task.show': 'systemprompt.task.showLog',
};

/** The buttons for those steps that the editor can carry out, the best first. */
export function stepButtons(steps: readonly NextStep[], folder: string | undefined): StepButton[] {
  return steps
    .flatMap((step) => buttonFor(step, folder) ?? [])
    .filter(({ title }, at, all) => all.findIndex((other) => other.title === title) === at)
    .slice(0, BUTTONS);
}

function buttonFor(step: NextStep, folder: string | undefined): StepButton | undefined {
  if (step.kind === 'text') return undefined;
  if (step.kind === 'shell') return { title: l10n.t('Copy Command'), copy: step.command, step };
  const { operation, input = {}, label } = step;
  const command = commandFor(operation, step.ask ?? []);
  if (command === undefined) return undefined;
  const { task, tasks, uncounted } = input;
  const [only] = Array.isArray(tasks) ? tasks : [task];
  const args =
    typeof only === 'string' || typeof only === 'number'
      ? [String(only), folder, ...(uncounted === true ? [{ uncounted }] : [])]
      : [];
  return { title: label, command, args, step };
}

function commandFor(operation: string, ask: readonly string[]): CommandId | undefined {
  if (operation === 'task.update') {
    const raises = Object.values(limitNames).some(({ option }) => ask.includes(option));
    return raises ? 'systemprompt.task.raiseLimit' : undefined;
  }
  return Object.hasOwn(commands, operation) ? commands[operation] : undefined;
}
