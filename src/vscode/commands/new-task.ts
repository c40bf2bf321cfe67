import * as vscode from 'vscode';
import type { AgentInfo } from '../../core/agent/catalog.ts';
import { textStep } from '../../core/next-step.ts';
import { type ApprovalsMode, approvalsModes } from '../../core/task/approvals-mode.ts';
import { limits } from '../../core/task/values.ts';
import type { TaskFolder } from '../folders/task-folder.ts';
import { operate } from '../operate.ts';
import { l10n } from '../present/l10n.ts';
import { askChoice, askSteps, askText, back, required, type Step } from '../quick/input.ts';
import type { CommandContext, Handler } from './context.ts';
import { pickAgent } from './pick-agent.ts';

interface Draft {
  readonly folder?: TaskFolder;
  readonly title?: string;
  readonly description?: string;
  readonly agent?: AgentInfo;
  readonly script?: string;
  readonly when?: 'start' | 'approval' | 'later';
  /** The decider of the agent's requests. Default: as the agent is configured. */
  readonly approvals?: ApprovalsMode;
}

/** Title, description, agent, for a shell the script, and whether to start: step by step, with a way back. */
export const newTask: Handler = async (context) => {
  if (!vscode.workspace.isTrusted) {
    throw Object.assign(new Error(l10n.t('You cannot create tasks in Restricted Mode.')), {
      code: 'Untrusted',
      next: [textStep(l10n.t('Trust the folder first.'))],
    });
  }
  const folders = context.folders.all;
  const only = folders.length === 1 ? folders[0] : undefined;
  const steps = (draft: Draft): Step<Draft>[] => [
    ...(only === undefined ? [askFolder(folders)] : []),
    askTitle,
    askDescription,
    askAgent,
    ...(draft.agent?.kind === 'shell' ? [askScript] : []),
    askWhen,
  ];
  const draft = await askSteps<Draft>(l10n.t('New Task'), only === undefined ? {} : { folder: only }, steps);
  if (draft?.folder !== undefined) await create(context, draft.folder, draft);
};

async function create(context: CommandContext, folder: TaskFolder, draft: Draft): Promise<void> {
  const { title, description, agent, script, when, approvals } = draft;
  const task = await operate(folder, 'task.create', {
    title,
    ...(description?.trim() ? { description } : {}),
    ...(script === undefined || agent?.kind !== 'shell' ? {} : { instructions: script }),
    tool: agent?.name,
    ...(approvals === undefined || agent?.kind === 'shell' ? {} : { approvals }),
    requiresApproval: when === 'approval',
    start: when !== 'later',
  });
  await context.view.show(folder, task.id);
}

const askFolder =
  (folders: readonly TaskFolder[]): Step<Draft> =>
  async (draft, frame) => {
    const choices = folders.map((value) => ({ label: value.name, description: value.path, value }));
    const folder = await askChoice<TaskFolder>(frame, {
      placeholder: l10n.t('Choose a folder'),
      choices: Promise.resolve(choices),
      selected: (value) => value === draft.folder,
    });
    return answered(folder, (value) => ({ ...draft, folder: value }));
  };

const askTitle: Step<Draft> = async (draft, frame) => {
  const title = await askText(frame, {
    prompt: l10n.t('Title of the task'),
    placeholder: l10n.t('For example: Fix the login test'),
    value: draft.title,
    check: (value) => required(l10n.t('A title'))(value) ?? tooLong(value),
  });
  return answered(title, (value) => ({ ...draft, title: value }));
};

const askDescription: Step<Draft> = async (draft, frame) => {
  const description = await askText(frame, {
    prompt: l10n.t('Description: context, goal, constraints. May be left empty.'),
    value: draft.description,
  });
  return answered(description, (value) => ({ ...draft, description: value }));
};

const askAgent: Step<Draft> = async (draft, frame) => {
  if (draft.folder === undefined) return undefined;
  const agent = await pickAgent(draft.folder, frame, draft.agent?.name);
  return answered(agent, (value) => ({ ...draft, agent: value }));
};

const askScript: Step<Draft> = async (draft, frame) => {
  const script = await askText(frame, {
    prompt: l10n.t('Shell script to run in the folder'),
    placeholder: 'npm test && npm run lint',
    value: draft.script,
    check: required(l10n.t('A script')),
    button: { icon: 'file-code', tooltip: l10n.t('Use the text of the active editor'), value: editorText },
  });
  return answered(script, (value) => ({ ...draft, script: value }));
};

const askWhen: Step<Draft> = async (draft, frame) => {
  let current = draft;
  for (;;) {
    const approvals = current.approvals ?? current.agent?.approvals;
    const asking =
      approvals === undefined || current.agent?.kind === 'shell'
        ? []
        : [
            {
              label: `$(bell) ${approvalsText(approvals)}`,
              description: l10n.t('Change'),
              value: 'approvals' as const,
            },
          ];
    const when = await askChoice<NonNullable<Draft['when']> | 'approvals'>(frame, {
      placeholder: l10n.t('Choose when the task starts'),
      choices: Promise.resolve([
        { label: `$(play) ${l10n.t('Start now')}`, value: 'start' },
        { label: `$(shield) ${l10n.t('Start after approval')}`, value: 'approval' },
        { label: `$(circle-large-outline) ${l10n.t('Save without starting')}`, value: 'later' },
        ...asking,
      ]),
      selected: (value) => value === current.when,
    });
    if (when !== 'approvals') return answered(when, (value) => ({ ...current, when: value as Draft['when'] }) as Draft);
    const mode = await askChoice<ApprovalsMode>(frame, {
      placeholder: l10n.t('Choose who decides what the agent may do'),
      choices: Promise.resolve(approvalsModes.map((value) => ({ label: approvalsText(value), value }))),
      selected: (value) => value === approvals,
    });
    if (mode === undefined) return undefined;
    if (mode !== back) current = { ...current, approvals: mode as ApprovalsMode };
  }
};

function approvalsText(mode: ApprovalsMode): string {
  switch (mode) {
    case 'ask':
      return l10n.t('The agent asks before each change and command');
    case 'agent':
      return l10n.t('The permission mode of the agent decides');
    case 'none':
      return l10n.t('Nobody is asked');
  }
}

function editorText(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  const text = editor?.document.getText(editor.selection.isEmpty ? undefined : editor.selection).trim();
  return text === undefined || text === '' ? undefined : text;
}

function tooLong(title: string): string | undefined {
  return title.trim().length > limits.titleChars
    ? l10n.t('Use at most {0} characters. Put the rest into the description.', limits.titleChars)
    : undefined;
}

function answered<T>(
  answer: T | typeof back | undefined,
  change: (value: T) => Draft,
): Draft | typeof back | undefined {
  if (answer === undefined) return undefined;
  return answer === back ? back : change(answer as T);
}
