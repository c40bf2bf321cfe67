import { isRecord } from '../../core/is-record.ts';
import type { PlanItem } from '../../core/plan/plan.ts';
import { type ForeignTask, foreignStatus, type ImportNote, restOf, textOf, textsOf } from './foreign.ts';

const known = [
  'id',
  'title',
  'description',
  'status',
  'dependencies',
  'priority',
  'details',
  'testStrategy',
  'subtasks',
];
const parentKeys = ['parentTaskId', 'parentId', 'parentTask', 'isSubtask', 'acceptanceCriteria'];

/** True for a tasks.json of Task Master, with or without tags. */
export function isTaskMaster(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && tagsOf(value).some(([, tasks]) => tasks.every((task) => isRecord(task) && 'id' in task));
}

/** Every tag with its tasks; the older form has none. */
function tagsOf(value: Record<string, unknown>): [tag: string | undefined, tasks: unknown[]][] {
  const { tasks } = value;
  if (Array.isArray(tasks)) return [[undefined, tasks]];
  return Object.entries(value).flatMap(([tag, content]) =>
    isRecord(content) && Array.isArray(content['tasks']) ? [[tag, content['tasks']]] : [],
  );
}

/** The tasks of tasks.json. With several tags, each tag is a group and the ids start with its name. */
export function taskMasterTasks(value: Record<string, unknown>): { tasks: ForeignTask[]; notes: ImportNote[] } {
  const notes: ImportNote[] = [];
  const tags = tagsOf(value).filter(([, tasks]) => tasks.length > 0);
  const tasks = tags.flatMap(([tag, list]) => {
    const prefix = tags.length > 1 && tag !== undefined ? `${tag}:` : '';
    const group: ForeignTask[] =
      prefix === '' ? [] : [{ id: `tag:${tag}`, title: tag ?? '', dependsOn: [], isGroup: true }];
    return [...group, ...list.filter(isRecord).flatMap((task) => withSubtasks(task, prefix, tag, notes))];
  });
  return { tasks, notes };
}

function withSubtasks(
  task: Record<string, unknown>,
  prefix: string,
  tag: string | undefined,
  notes: ImportNote[],
): ForeignTask[] {
  const id = `${prefix}${textOf(task['id']) ?? ''}`;
  const subtasks = Array.isArray(task['subtasks']) ? task['subtasks'].filter(isRecord) : [];
  const top: ForeignTask = {
    ...fieldsOf(task, id, notes),
    ...(prefix === '' ? {} : { parent: `tag:${tag}` }),
    dependsOn: textsOf(task['dependencies']).map((name) => `${prefix}${name}`),
  };
  const parts = subtasks.map((part): ForeignTask => {
    const partId = `${id}.${textOf(part['id']) ?? ''}`;
    // A plain number names a part of the same task, a dotted one a part of any task.
    const dependsOn = textsOf(part['dependencies']).map((name) =>
      name.includes('.') ? `${prefix}${name}` : `${id}.${name}`,
    );
    return { ...fieldsOf(part, partId, notes), parent: id, dependsOn };
  });
  return [top, ...parts];
}

function fieldsOf(task: Record<string, unknown>, id: string, notes: ImportNote[]): ForeignTask {
  const { status, labels } = foreignStatus(task['status'], notes, id);
  const texts = [textOf(task['description']), textOf(task['details'])].map((text) => text?.trim()).filter(Boolean);
  const criteria = (textOf(task['acceptanceCriteria']) ?? '')
    .split('\n')
    .map((line) => line.replace(/^\s*[-*]\s*/, ''));
  return {
    id,
    title: textOf(task['title']) ?? '',
    dependsOn: [],
    description: texts.join('\n\n'),
    priority: priorityOf(task['priority']),
    status,
    labels,
    acceptance: [textOf(task['testStrategy']) ?? '', ...criteria],
    rest: restOf(task, [...known, ...parentKeys]),
  };
}

export function priorityOf(value: unknown): PlanItem['priority'] {
  const word = textOf(value)?.toLowerCase();
  return word === 'critical' || word === 'high' || word === 'medium' || word === 'low' ? word : undefined;
}
