import { sanitizeLine } from '../../core/text/sanitize.ts';
import { runOperation } from '../../operations/operation.ts';
import { doctor } from '../../operations/store/doctor.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { flagsOf } from '../flags.ts';
import { stepOptions, stoppedLine } from '../steps.ts';
import { stepLines } from '../views/next-step.ts';

/** Its exit code is its answer: scripts and monitors ask it. */
export const command: Command = {
  details: 'Exits with 0 if there are no problems or all were repaired, and with 1 otherwise.',
  examples: [
    { words: 'doctor', description: 'list problems and fixes' },
    { words: 'doctor --fix', description: 'repair them' },
    { words: 'doctor --restore', description: 'bring tasks back after git clean' },
  ],
  flags: flagsOf(doctor.input),
  positional: [],
  json: '`{ healthy, findings, restored, stopped }`, each finding with code, what, advice, next, fixable and fixed',
  reads: false,
  async run(call) {
    const { host: open, out, json, values } = call;
    const { style } = out;
    const input = { fix: values.fix === true, restore: values.restore === true };
    const report = await runOperation(doctor, await open(), input, stepOptions(call));
    if (!json && input.restore) out.print(restoredLine(report.restored));
    if (json) out.json(report);
    else if (report.findings.length === 0 && report.stopped === null) out.print('No problems found.');
    else {
      for (const { what, advice, next, fixed, problem } of report.findings) {
        out.print(`${fixed ? style('green', 'repaired') : style('yellow', 'found')}  ${sanitizeLine(what)}`);
        out.print(`  ${style('dim', sanitizeLine(problem === undefined ? advice : `Not repaired: ${problem}`))}`);
        if (!fixed) for (const line of stepLines(next)) out.print(`  ${line}`);
      }
      const open = report.findings.filter(({ fixed }) => !fixed);
      const fixable = open.filter((finding) => finding.fixable).length;
      const stopped = stoppedLine(values.fix === true ? 'Repaired' : 'Checked', report);
      if (stopped !== undefined) out.print(stopped);
      else if (fixable > 0) out.print(`${fixable} of ${open.length} can be repaired: systemprompt doctor --fix`);
    }
    if (report.stopped !== null) return exitCodes.interrupted;
    return report.healthy ? exitCodes.done : exitCodes.failed;
  },
};

function restoredLine(numbers: readonly number[]): string {
  if (numbers.length === 0) return 'No tasks to restore.';
  const names = numbers.slice(0, 20).map((number) => `#${number}`);
  return `Restored ${numbers.length === 1 ? '1 task' : `${numbers.length} tasks`}: ${names.join(', ')}${numbers.length > 20 ? ', …' : ''}`;
}
