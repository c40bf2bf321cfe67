import { approvalsModes } from '../../../core/task/approvals-mode.ts';
import { priorities } from '../../../core/task/values.ts';
import { quantity, type Unit } from '../../../core/text/quantity.ts';
import { sanitizeLine } from '../../../core/text/sanitize.ts';
import type { FieldName } from '../../../webviews/kit/fact-schema.ts';
import { pickAgent } from '../../agents/pick-agent.ts';
import { namesIn, projectsIn } from '../../folders/names.ts';
import type { TaskFolder } from '../../folders/task-folder.ts';
import { l10n } from '../../present/l10n.ts';
import { askChoice, askText, back } from '../../quick/input.ts';
import { pickMany, pickName } from '../../quick/pick-many.ts';
import { choiceText, emptyText, fieldLabel } from './field-text.ts';
import { pickTasks } from './pick-tasks.ts';
import type { FieldChange, TaskFields } from './task-fields.ts';

interface Picking {
  readonly folder: TaskFolder;
  readonly fields: TaskFields;
  /** The task itself, which can be neither its own parent nor its dependency. */
  readonly id: string | undefined;
}

/** Asks for a new value of a field, in the editor's own lists. Undefined if the person cancels. */
export async function pickField(name: FieldName, picking: Picking): Promise<FieldChange | undefined> {
  const { folder, fields } = picking;
  const title = fieldLabel(name);
  switch (name) {
    case 'tool': {
      const agent = await pickAgent(folder, { title }, fields.tool);
      return typeof agent === 'object' ? { tool: agent.name } : undefined;
    }
    case 'assignedTo':
      return text(
        await askText(
          { title },
          { prompt: l10n.t('Model of the agent. Empty: its default.'), value: fields.assignedTo ?? '' },
        ),
        (value) => ({
          assignedTo: value || null,
        }),
      );
    case 'project': {
      const { view } = (await folder.ready()).store;
      const project = await pickName({ title }, projectsIn(view.all()));
      return project === undefined || project === back ? undefined : { project };
    }
    case 'label': {
      const { view } = (await folder.ready()).store;
      const labels = namesIn(view.all(), (task) => task.labels);
      const label = await pickMany(
        { title },
        {
          placeholder: l10n.t('Choose labels, or type a new one'),
          items: [...new Set([...fields.label, ...labels])].map((each) => ({ label: sanitizeLine(each), value: each })),
          selected: fields.label,
          free: true,
        },
      );
      return Array.isArray(label) ? { label } : undefined;
    }
    case 'parentTask': {
      const parent = await pickTasks(picking, title, fields.parentTask === null ? [] : [fields.parentTask], false);
      return parent === undefined ? undefined : { parentTask: parent[0] ?? null };
    }
    case 'dependsOn': {
      const dependsOn = await pickTasks(picking, title, fields.dependsOn, true);
      return dependsOn === undefined ? undefined : { dependsOn };
    }
    case 'budgetTokens':
    case 'budgetCost':
    case 'budgetMinutes':
    case 'maxIterations':
    case 'checkpointMinutes':
      return amount(name, fields[name]);
    case 'allowedTools':
      return text(
        await askText(
          { title },
          {
            prompt: l10n.t('Kinds of tools the agent may use, with commas. Empty: all.'),
            placeholder: 'file_operations:read, web_search',
            value: fields.allowedTools?.join(', ') ?? '',
          },
        ),
        (value) => ({ allowedTools: value === '' ? null : value.split(',').map((each) => each.trim()) }),
      );
    default:
      return choice(name, fields);
  }
}

/** The values of the fields that have few. Null is the default. */
const values = {
  priority: priorities,
  requiresApproval: [false, true],
  review: ['none', 'required'],
  approvals: [null, ...approvalsModes],
  isolation: [null, 'worktree', 'none'],
  onComplete: [null, 'review', 'merge'],
} as const satisfies { readonly [N in FieldName]?: readonly TaskFields[N][] };

async function choice(name: keyof typeof values, fields: TaskFields): Promise<FieldChange | undefined> {
  const now = fields[name];
  const answer = await askChoice<string | boolean | null>(
    { title: fieldLabel(name) },
    {
      placeholder: l10n.t('Choose a value'),
      choices: Promise.resolve(
        values[name].map((value) => ({ label: choiceText(name, value) ?? l10n.t('Default'), value })),
      ),
      selected: (value) => value === now,
    },
  );
  return answer === undefined || answer === back ? undefined : { [name]: answer };
}

const units = {
  budgetTokens: 'count',
  budgetCost: 'dollars',
  budgetMinutes: 'minutes',
  maxIterations: 'count',
  checkpointMinutes: 'minutes',
} as const satisfies Partial<Record<FieldName, Unit>>;

const examples: Readonly<Record<Unit, string>> = { count: '200k', dollars: '2.50', minutes: '90m, 2h' };

async function amount(name: keyof typeof units, now: number | null): Promise<FieldChange | undefined> {
  const unit = units[name];
  const whole = unit === 'count';
  const answer = await askText(
    { title: fieldLabel(name) },
    {
      prompt: l10n.t('For example: {0}. Empty: {1}.', examples[unit], emptyText(name)),
      value: now === null ? '' : String(now),
      check: (value) => {
        if (value.trim() === '') return undefined;
        const number = quantity(value, unit);
        const good = number > 0 && Number.isFinite(number) && (!whole || Number.isSafeInteger(number));
        return good ? undefined : l10n.t('Enter a number above 0.');
      },
    },
  );
  return text(answer, (value) => ({ [name]: value === '' ? null : quantity(value, unit) }));
}

function text(answer: string | symbol | undefined, change: (value: string) => FieldChange): FieldChange | undefined {
  return typeof answer === 'string' ? change(answer.trim()) : undefined;
}
