import { sanitizeLine } from '../../core/text/sanitize.ts';
import { type Command, operationCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { switchFlag } from '../flags.ts';
import { terminalAsker } from '../terminal/question.ts';
import { mergedPartsView } from '../views/merged-parts.ts';
import { planView } from '../views/plan.ts';
import { planJson } from './plan.ts';

const splitCommand = operationCommand('task.split', {
  details: `The task becomes a group. Its open checklist items, list items, sections or named files become the parts, and its limits
are divided among them. With --planned-by, an agent proposes the parts in a separate task, which spends from the limits of the
task. Preview its proposal with --dry-run; the next call uses the same proposal. Without a strategy it shows the parts and asks.`,
  examples: [
    { words: 'task split 3', description: 'preview the parts, then confirm them' },
    { words: 'task split 3 --num-subtasks 3 --dry-run', description: 'preview the parts' },
    { words: 'task split 3 --planned-by CLAUDECODE --dry-run', description: 'preview parts that an agent proposes' },
    { words: 'task split 3 --max-subtask-complexity 0.4 --start', description: 'small parts that start immediately' },
  ],
  extra: [switchFlag('yes', 'Split without asking.')],
  json: planJson,
  view: (output, { out, values }) => planView(output, out.style, values['start'] === true),
});

/** A split that names no strategy is a preview first, because no person has seen its parts. */
export const split = async (): Promise<Command> => {
  const command = await splitCommand();
  const chosen = ['strategy', 'numSubtasks', 'maxSubtaskComplexity', 'dryRun', 'yes'];
  return {
    ...command,
    async run(call) {
      if (chosen.some((key) => call.values[key] !== undefined)) return command.run(call);
      const code = await command.run({ ...call, values: { ...call.values, dryRun: true } });
      if (call.json || code !== exitCodes.done) return code;
      if (!process.stdin.isTTY) {
        call.out.print(`Split it: systemprompt task split ${sanitizeLine(String(call.values['task']))} --yes`);
        return code;
      }
      const asker = terminalAsker(process);
      try {
        const answer = await asker.ask('Split the task into these parts? [y/N] ');
        return /^y(es)?$/i.test(answer ?? '') ? await command.run(call) : code;
      } finally {
        asker.close();
      }
    },
  };
};

export const mergeParts = operationCommand('task.merge-parts', {
  details: `All parts must be completed. Their branches are combined in the order of their dependencies. It stops at a conflict; run it again
after the conflict is resolved. "task diff" and "task merge" of the group then work on the combined branch.`,
  examples: [
    { words: 'task merge-parts 3', description: 'combine the results of the parts of a task' },
    { words: 'task merge-parts 3 --agent CLAUDECODE', description: 'let an agent resolve conflicts' },
  ],
  json: '`{ id, number, branch, work, merged: [{ number, title, files }], resolving, parts: [{ number, title, status, notes, tokens, cost_usd }], usage }`',
  view: mergedPartsView,
});
