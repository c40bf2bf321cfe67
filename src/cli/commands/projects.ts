import { standings } from '../../operations/queue/standings.ts';
import { operationCommand } from '../command.ts';
import { taskLine } from '../views/changed.ts';
import { projectHead, projectTable } from '../views/projects.ts';
import { taskTable } from '../views/task-list.ts';

export const create = operationCommand('project.create', {
  details: 'Tasks join it with "task create --project NAME". Limits of its group hold for all of them.',
  examples: [
    { words: 'project create Web --description "The new shop"', description: 'a group for the tasks of the shop' },
  ],
  json: 'the group',
  view: (task, { out }) => `Created project ${taskLine(task, out.style)}`,
});

export const list = operationCommand('project.list', {
  examples: [{ words: 'project list', description: 'projects with their progress' }],
  json: '`{ projects }`',
  view: ({ projects }, { out }) => projectTable(projects, out),
});

export const show = operationCommand('project.show', {
  examples: [{ words: 'project show Web', description: 'its tasks as a tree' }],
  json: 'the project with its tasks as `items`',
  view: async (project, { out }, host) => {
    const table = taskTable(project.items, await standings(host), { ...out, tree: true });
    return [...projectHead(project, out.style), '', table].join('\n');
  },
});
