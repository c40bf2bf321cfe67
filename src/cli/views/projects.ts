import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { ProjectSummary } from '../../operations/project/list.ts';
import type { Output } from '../terminal/output.ts';
import type { Style } from '../terminal/style.ts';
import { renderTable } from '../terminal/table.ts';

const head = [
  { title: 'DONE', align: 'right' },
  { title: 'TASKS', align: 'right' },
  { title: 'OPEN', align: 'right' },
  { title: 'FAILED', align: 'right' },
  { title: 'PROJECT' },
] as const;

/** One line a project: its progress, its numbers and its name. */
export function projectTable(projects: readonly ProjectSummary[], out: Pick<Output, 'style' | 'columns'>): string {
  if (projects.length === 0) return 'There are no projects here yet. Make one:\n  systemprompt project create Web';
  const rows = projects.map((project) => [
    { text: `${project.progress} %` },
    { text: String(project.tasks) },
    { text: String(openTasks(project)) },
    { text: String(project.by_status.failed ?? 0) },
    { text: sanitizeLine(project.name) },
  ]);
  return renderTable(head, rows, out.style, out.columns).join('\n');
}

/** The lines above the tasks of a project. */
export function projectHead(project: ProjectSummary, style: Style): string[] {
  const group = project.number === null ? '' : ` (#${project.number})`;
  const failed = project.by_status.failed ?? 0;
  const numbers = [
    `${project.progress} % done`,
    `${project.tasks} ${project.tasks === 1 ? 'task' : 'tasks'}`,
    `${openTasks(project)} open`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
  ];
  return [
    style('bold', `${sanitizeLine(project.name)}${group}`),
    ...(project.description === '' ? [] : [sanitizeLine(project.description)]),
    numbers.join(' · '),
  ];
}

function openTasks({ tasks, by_status: byStatus }: ProjectSummary): number {
  return tasks - (byStatus.completed ?? 0) - (byStatus.cancelled ?? 0) - (byStatus.failed ?? 0);
}
