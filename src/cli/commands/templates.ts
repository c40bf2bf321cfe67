import { sanitizeLine, sanitizeText } from '../../core/text/sanitize.ts';
import { operationCommand } from '../command.ts';
import { planView } from '../views/plan.ts';
import { templateLine, templateView } from '../views/templates.ts';
import { planJson } from './plan.ts';

export const list = operationCommand('template.list', {
  details: `Templates are files in .systemprompt/templates and in systemprompt/templates of your configuration folder. A template of
the workspace replaces one of yours with the same name, and yours replaces a built-in one.`,
  examples: [{ words: 'template list', description: 'show every template with its fields' }],
  json: '`{ templates: [{ name, origin, file, title, description, fields, problem }], problems }`',
  view: ({ templates, problems }, { out }) =>
    [...templates.map((template) => templateLine(template, out.style)), ...problems.map(sanitizeLine)].join('\n'),
});

export const show = operationCommand('template.show', {
  examples: [{ words: 'template show bug-fix', description: 'show its fields and its source' }],
  json: '`{ name, origin, file, title, description, fields, problem, text }`',
  view: (template, { out }) => `${templateView(template, out.style)}\n\n${sanitizeText(template.text).trimEnd()}`,
});

export const apply = operationCommand('template.apply', {
  details: 'Limits hold for all parts together. Phases of a workflow run one after the other.',
  examples: [
    {
      words: 'template apply code-development --set feature_name="Dark mode" --set complexity=simple --dry-run',
      description: 'preview the tasks',
    },
    {
      words: 'template apply bug-fix --set bug_description="Login fails" --set severity=high --agent CODEX --start',
      description: 'create the tasks and start them',
    },
  ],
  json: planJson,
  view: (output, { out, values }) => planView(output, out.style, values['start'] === true),
});

export const create = operationCommand('template.new', {
  examples: [{ words: 'template new release', description: 'write .systemprompt/templates/release.yml to edit' }],
  json: '`{ name, file }`',
  view: ({ file, name }) =>
    `Wrote ${sanitizeLine(file)}\nPreview it: systemprompt template apply ${sanitizeLine(name)} --set subject=… --dry-run`,
});

export const fromTask = operationCommand('template.from-task', {
  examples: [{ words: 'template from-task 12 release', description: 'make a template of task #12 and its parts' }],
  json: '`{ name, file }`',
  view: ({ file }) => `Wrote ${sanitizeLine(file)}`,
});
