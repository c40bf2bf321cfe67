import fc from 'fast-check';
import { priorities, type TaskRecord, taskStatuses } from '../../src/core/task/schema.ts';
import { at, taskId, taskWith } from './fixtures.ts';

/** Few values each, so that random tasks share some of them. */
export const words = fc.constantFrom('Login', 'logout', 'API', 'straße', 'ТЕСТ', 'docs', '#7', 'a.b*c', 'İstanbul');
export const tools = fc.constantFrom('CLAUDECODE', 'SHELL', 'OPENCODE', 'my-agent');
export const sessions = fc.constantFrom('ses_1', 'ses_2', 'gpt-4', 'CLAUDECODE');
export const projects = fc.constantFrom('Web', 'web', 'Backend');
export const labels = fc.uniqueArray(fc.constantFrom('ui', 'backend', 'slow'), { maxLength: 3 });
export const moments = fc.integer({ min: 0, max: 5 * 24 * 3_600_000 }).map(at);

const text = fc.array(words, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));

/** A task in any state, whether or not the rules lead there: for reading, sorting and counting. */
const anyTask: fc.Arbitrary<TaskRecord> = fc
  .record({
    title: text,
    description: text,
    instructions: fc.option(text, { nil: undefined }),
    status: fc.constantFrom(...taskStatuses),
    tool: tools,
    priority: fc.constantFrom(...priorities),
    assignee: fc.option(sessions, { nil: undefined }),
    assigned_to: fc.option(sessions, { nil: undefined }),
    project: fc.option(projects, { nil: undefined }),
    labels,
    created_at: moments,
    updated_at: moments,
    active_ms: fc.nat(100_000),
  })
  .map((fields) => taskWith(withoutUndefined(fields)));

/** Tasks with numbers and ids of their own. */
export const anyTasks: fc.Arbitrary<TaskRecord[]> = fc
  .array(anyTask, { maxLength: 25 })
  .map((tasks) => tasks.map((task, index) => ({ ...task, number: index + 1, id: taskId(`task_${index + 1}`) })));

function withoutUndefined(fields: object): Partial<TaskRecord> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
