import { z } from 'zod';
import { runOperation } from '../../operations/operation.ts';
import { changeOfText, textOfTask } from '../../operations/task/edited-text.ts';
import { resolveOne, taskReference } from '../../operations/task/references.ts';
import { taskUpdate } from '../../operations/task/update.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { flagsOf, textFlag } from '../flags.ts';
import { fullId } from '../id-prefix.ts';
import { readLongText } from '../long-text.ts';
import { editText } from '../terminal/editor.ts';
import { taskLine } from '../views/changed.ts';
import { keepingText } from './edited-text.ts';

export const command: Command = {
  details: `Opens title, priority, agent, project, labels, dependencies, acceptance criteria, description and instructions in $VISUAL
or $EDITOR. Nothing is changed if the task has changed meanwhile, or if the text has a mistake. Your text is kept in a file
then, and --from opens it again.`,
  examples: [
    { words: 'task edit 3', description: 'in your editor' },
    { words: 'task edit @last', description: 'the newest task' },
  ],
  flags: [
    ...flagsOf(z.strictObject({ task: taskReference })),
    textFlag('from', 'Start from this file with an edited text.', 'path'),
  ],
  positional: [{ key: 'task', required: true }],
  json: 'the task',
  reads: false,
  async run(call) {
    const { out, json, values } = call;
    const host = await call.host();
    const task = await resolveOne(host, await fullId(String(values.task), host.store));
    const { from } = values;
    const text = typeof from === 'string' ? await readLongText('from', from, call.folder) : textOfTask(task, host);
    const edited = await editText(text, `task-${task.number}.yml`, process.env);
    const after = await keepingText(edited.file, `task edit ${task.number} --from`, async () => {
      const change = changeOfText(task, host, edited.text);
      return change === undefined ? undefined : runOperation(taskUpdate, host, change);
    });
    await edited.discard();
    if (after === undefined) out.note('Nothing was changed.');
    else if (json) out.json(after);
    else out.print(`Changed ${taskLine(after, out.style)}`);
    return exitCodes.done;
  },
};
