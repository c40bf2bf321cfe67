import { z } from 'zod';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { runOperation } from '../../operations/operation.ts';
import { planApply } from '../../operations/plan/apply.ts';
import { applyFields } from '../../operations/plan/apply-fields.ts';
import { type Command, operationCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { flagsOf, textFlag } from '../flags.ts';
import { readLongText } from '../long-text.ts';
import { stepOptions } from '../steps.ts';
import { planView, refinementView } from '../views/plan.ts';
import { suggestionsView } from '../views/suggestions.ts';

/** The output of `--json` for every command that creates tasks from a plan. */
export const planJson =
  '`{ applied, tasks: [{ key, title, kind, agent, parent, depth, dependsOn, change, fields, status, limits, number, id }], missing: [{ id, number, title, status }], problems: [{ kind, key, message }], notes: [{ line, message }] }`';

export const apply: Command = {
  details: `The file is YAML or JSON: project, and items with title, key, agent, instructions, priority, labels, constraints, acceptance,
dependsOn (keys of other items, or existing tasks) and children. All tasks are created in one transaction, or none.`,
  examples: [
    { words: 'plan apply plan.yml --dry-run', description: 'preview the tasks and every problem' },
    { words: 'plan apply - --start', description: 'create and start the tasks of a plan from standard input' },
  ],
  flags: [
    textFlag('file', 'Plan file; - reads standard input.', 'file'),
    textFlag('splits', 'Task that becomes a group with the items as its parts.', 'task'),
    ...flagsOf(z.strictObject(applyFields)),
  ],
  positional: [{ key: 'file', required: true }],
  json: planJson,
  reads: false,
  async run(call) {
    const { folder, host, out, json, values } = call;
    const { file, ...options } = values;
    const plan = await readLongText('file', String(file), folder);
    const output = await runOperation(planApply, await host(), { plan, ...options }, stepOptions(call));
    if (json) out.json(output);
    else out.print(planView(output, out.style, options['start'] === true));
    return output.problems.length === 0 ? exitCodes.done : exitCodes.failed;
  },
};

export const fromSpec = operationCommand('plan.from-spec', {
  details: `Reads headings, checkboxes, lists, phases, user stories, acceptance criteria, priorities and "depends on" without a model.
Knows the task lists of Spec Kit, Kiro and OpenSpec, checklists and product requirements.
With --agent, that agent proposes changes in a separate task, also for a preview. The command shows both plans and the difference.`,
  examples: [
    { words: 'plan from-spec specs/001-price/tasks.md --dry-run', description: 'preview the tasks and every problem' },
    { words: 'plan from-spec TODO.md --project Shop --start', description: 'create the tasks and start them' },
    {
      words: 'plan from-spec prd.md --agent OPENCODE --dry-run',
      description: 'let an agent refine the plan, and see its changes',
    },
  ],
  json: planJson.replace(
    ' }`',
    ', refinement: { agent, task, structure: [{ key, title, depth }], differences: [{ change, key, title, before, fields }] } }`',
  ),
  hasFailed: ({ problems }) => problems.length > 0,
  view: (output, { out, values }) =>
    [
      ...(output.refinement === undefined ? [] : [refinementView(output.refinement, out.style)]),
      planView(output, out.style, values['start'] === true),
    ].join('\n'),
});

export const fromCode = operationCommand('plan.from-code', {
  details: `Reads git and files: marked comments, files that change often and are complex, long files and functions, files without
tests, duplicated code, dead links in Markdown. It starts no agent, and files that git ignores do not count.`,
  examples: [
    { words: 'plan from-code --dry-run', description: 'preview the best suggestions' },
    {
      words: 'plan from-code src --kinds notes,missing-tests --min-score 0.6',
      description: 'create tasks of two kinds',
    },
  ],
  json: planJson.replace(' }`', ', suggestions: [{ kind, key, score, title, description, files, lines }] }`'),
  hasFailed: ({ problems }) => problems.length > 0,
  view: (output, { out }) => suggestionsView(output, out.style),
});

export const dismiss = operationCommand('plan.dismiss', {
  details: `Dismissed suggestions are hidden from plan from-code and the editor, for everyone who shares the file
.systemprompt/suggestions.jsonl.`,
  examples: [
    { words: 'plan dismiss notes:src/price.ts', description: 'never suggest its marked comments again' },
    { words: 'plan dismiss notes:src/price.ts --restore', description: 'suggest them again' },
  ],
  json: '`{ keys, dismissed }`',
  view: ({ keys, dismissed }) => `${dismissed ? 'Dismissed' : 'Restored'}: ${keys.map(sanitizeLine).join(', ')}`,
});
