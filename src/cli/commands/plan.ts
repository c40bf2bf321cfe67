import { z } from 'zod';
import { runOperation } from '../../operations/operation.ts';
import { planApply } from '../../operations/plan/apply.ts';
import { applyFields } from '../../operations/plan/apply-fields.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { flagsOf, textFlag } from '../flags.ts';
import { readLongText } from '../long-text.ts';
import { stepOptions } from '../steps.ts';
import { planView } from '../views/plan.ts';

/** The output of `--json` for every command that creates tasks from a plan. */
export const planJson =
  '`{ applied, tasks: [{ key, title, kind, agent, parent, depth, dependsOn, number, id }], problems: [{ kind, key, message }] }`';

export const apply: Command = {
  details: `The file is YAML or JSON: project, and items with title, key, agent, instructions, priority, labels, constraints, acceptance,
dependsOn (keys of other items, or existing tasks) and children. All tasks are created in one transaction, or none.`,
  examples: [
    { words: 'plan apply plan.yml --dry-run', description: 'preview the tasks and every problem' },
    { words: 'plan apply - --start', description: 'create and start the tasks of a plan from standard input' },
  ],
  flags: [textFlag('file', 'Plan file; - reads standard input.', 'file'), ...flagsOf(z.strictObject(applyFields))],
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
