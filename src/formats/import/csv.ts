import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { priorityOf } from '../spec/marks.ts';
import { type ForeignTask, foreignStatus, type ImportNote } from './foreign.ts';

/** Names of columns by the field that they hold. */
const columns: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'key', 'number', 'issue key'],
  title: ['title', 'name', 'summary', 'subject', 'task'],
  description: ['description', 'body', 'details', 'notes'],
  instructions: ['instructions'],
  status: ['status', 'state'],
  priority: ['priority'],
  labels: ['labels', 'tags'],
  parent: ['parent', 'parent id', 'parent_id'],
  dependsOn: ['depends on', 'depends_on', 'dependson', 'dependencies', 'blocked by'],
  acceptance: ['acceptance', 'acceptance criteria'],
  agent: ['agent', 'tool'],
};

/**
 * The tasks of a table with a header. Lists in a cell are separated by semicolons or line breaks.
 *
 * @throws TaskError `InvalidInput` without a column of titles
 */
export function csvTasks(text: string): { tasks: ForeignTask[]; notes: ImportNote[] } {
  const notes: ImportNote[] = [];
  const [header = [], ...rows] = csvRows(text);
  const names = header.map((name) => name.trim().toLowerCase());
  const at = (field: string): number => names.findIndex((name) => columns[field]?.includes(name) === true);
  const places = Object.fromEntries(Object.keys(columns).map((field) => [field, at(field)]));
  if (places['title'] === -1) {
    throw new TaskError('InvalidInput', 'The table has no column "title".', {
      next: [
        textStep('Put the names of the columns into the first line: title, description, status, priority, labels.'),
      ],
    });
  }
  const used = new Set(Object.values(places));
  const tasks = rows.flatMap((row, index): ForeignTask[] => {
    const cell = (field: string): string => row[places[field] ?? -1]?.trim() ?? '';
    if (row.every((each) => each.trim() === '')) return [];
    const id = cell('id') || cell('title') || `row ${index + 2}`;
    const { status, labels } = foreignStatus(cell('status'), notes, id);
    const rest = names.flatMap((name, place) => {
      const value = row[place]?.trim() ?? '';
      return used.has(place) || value === '' ? [] : [[name === '' ? `column ${place + 1}` : name, value]];
    });
    return [
      {
        id,
        title: cell('title'),
        parent: cell('parent') || undefined,
        dependsOn: listOf(cell('dependsOn')),
        description: cell('description'),
        instructions: cell('instructions'),
        priority: priorityOf(cell('priority')),
        agent: cell('agent') || undefined,
        status,
        labels: [...listOf(cell('labels')), ...labels],
        acceptance: listOf(cell('acceptance')),
        rest: Object.fromEntries(rest),
      },
    ];
  });
  return { tasks, notes };
}

function listOf(cell: string): string[] {
  return cell.split(cell.includes(';') || cell.includes('\n') ? /[;\n]/ : ',').flatMap((each) => each.trim() || []);
}

/** The cells of a table (RFC 4180) with commas, semicolons or tabs. */
export function csvRows(text: string): string[][] {
  const [first = ''] = text.split(/\r?\n/, 1);
  const separator = [',', ';', '\t'].reduce((best, each) =>
    first.split(each).length > first.split(best).length ? each : best,
  );
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index] ?? '';
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[index + 1] === '"') {
        cell += '"';
        index++;
      } else isQuoted = false;
    } else if (letter === '"' && cell === '') isQuoted = true;
    else if (letter === separator) {
      row.push(cell);
      cell = '';
    } else if (letter === '\n' || letter === '\r') {
      if (letter === '\r' && text[index + 1] === '\n') index++;
      rows.push([...row, cell]);
      row = [];
      cell = '';
    } else cell += letter;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return rows;
}
