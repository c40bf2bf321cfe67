import type { Environment } from '../../../environment.ts';
import { runShell } from './run-command.ts';
import { countInput, definitionOf, type Tool, ToolError, textInput } from './tool.ts';

const SECONDS = 120;
const MAX_SECONDS = 3_600;

/** Runs a command line. It always asks. */
export function runTool(cwd: string, env: Environment): Tool {
  return {
    definition: definitionOf(
      'run_command',
      'Run a command line in the shell, in the working folder, without input. Returns its output and exit code.',
      {
        command: { type: 'string', description: 'The command line.' },
        timeout: { type: 'integer', description: `Seconds until it is ended. Default: ${SECONDS}.` },
      },
      ['command'],
    ),
    async prepare(input) {
      const command = textInput(input, 'command');
      if (command.trim() === '') throw new ToolError('The command is empty.');
      const timeoutMs = countInput(input, 'timeout', SECONDS, MAX_SECONDS) * 1_000;
      return {
        shown: { title: command, kind: 'execute' },
        asks: true,
        run: (signal) => runShell(command, { cwd, env, timeoutMs, signal }),
      };
    },
  };
}
