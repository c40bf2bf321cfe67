import type { Command } from '../../src/cli/command.ts';
import { type CommandEntry, commandTable } from '../../src/cli/command-table.ts';
import type { Flag } from '../../src/cli/flags.ts';
import { describe as describeFlag, placeholder } from '../../src/cli/program.ts';

/** The reference of the command line, docs/cli.md, from the commands themselves. */
export async function renderReference(): Promise<string> {
  const sections: string[] = [];
  const shapes: string[] = [];
  for (const entry of commandTable) {
    const command = await entry.load();
    const name = entry.words.join(' ');
    sections.push(section(entry, command));
    shapes.push(`| \`${name}\` | ${cell(command.json)} |`);
  }
  return [
    introduction,
    '## What `--json` prints\n',
    '| command | prints |',
    '|---|---|',
    ...shapes,
    jsonNotes,
    ...sections,
  ].join('\n');
}

const introduction = `# The command line

\`systemprompt\` makes, runs, watches and decides the tasks of a folder. This page is made from the commands themselves.

- \`systemprompt --help\` lists the commands, \`systemprompt task create --help\` explains one, with examples.
- A task is named by its number (\`3\` or \`#3\`), its id, its exact title, or the start of its id (four characters or more).
- Without \`-C\`, the folder is the nearest one upwards that holds tasks, else the current one. Nothing is made in a folder
  that is only looked at.
- What goes to standard output is the result; remarks and errors for a person go to standard error. Colours are for
  terminals, and \`NO_COLOR\` turns them off. Control characters from agents and titles never reach the terminal.

| option of every command | |
|---|---|
| \`-C, --directory DIR\` | work as if started in this folder |
| \`--json\` | print JSON, for programs |
| \`--as WHO\` | act in the name of somebody, for approvals and the record |
| \`-h, --help\` | explain the command |

## Exit codes

| code | when |
|---|---|
| 0 | done; \`task start --wait\`: every task was completed, or its agent has done its turn (\`completed_active\`) |
| 1 | failed: a task that was waited for failed, an agent is not installed, the folder cannot be written |
| 2 | usage: an unknown option, a value that is none, an empty title, a text that is too long, a title that several tasks have |
| 3 | not found: no such task, agent, request or dependency |
| 4 | conflict: the task is not in a state for this, a dependency would close a circle, somebody else was faster, a newer version wrote the store |
| 130 | Ctrl-C while following; the task goes on |
`;

const jsonNotes = `
*The task* is the object of \`.systemprompt/state/tasks/<id>.json\` with \`duration\` (milliseconds of work), \`log_count\` and
\`logs\` (the latest 1,000 entries); tasks in a list have no \`logs\`. A log entry is \`{ timestamp, level, type, prefix?, message,
metadata? }\`. JSON Lines are one value a line. Times are ISO 8601 in UTC.

An error is \`{ "error": { "code", "message", "hint", "details"? } }\` on standard output, with the exit code of its kind; \`hint\`
is what to do next, or null. Codes do not change, messages may.
`;

function section({ words, summary }: CommandEntry, command: Command): string {
  const name = words.join(' ');
  const positions = new Set(command.positional.map(({ key }) => key));
  const args = command.positional.map(({ key, required }) => {
    const flag = command.flags.find((candidate) => candidate.key === key);
    const word = `${flag?.name ?? key}${flag?.list === true ? '...' : ''}`;
    return required ? `<${word}>` : `[${word}]`;
  });
  const visible = command.flags.filter((flag) => flag.hidden !== true);
  const rows = [
    ...visible
      .filter((flag) => positions.has(flag.key))
      .map((flag) => `| \`${flag.name}\` | ${cell(describeFlag(flag))} |`),
    ...visible.filter((flag) => !positions.has(flag.key)).flatMap(flagRows),
  ];
  const table = rows.length === 0 ? '' : `\n| | |\n|---|---|\n${rows.join('\n')}\n`;
  const examples = command.examples.map(({ words, says }) => `# ${says}\nsystemprompt ${words}`).join('\n');
  const details = command.details === undefined ? '' : `\n${command.details}\n`;
  const usage = ['systemprompt', name, ...args].join(' ');
  return `\n## ${name}\n\n${summary}\n${details}\n\`${usage} [options]\`\n${table}\n\`\`\`sh\n${examples}\n\`\`\``;
}

function flagRows(flag: Flag): string[] {
  const value = flag.type === 'switch' ? '' : ` <${placeholder(flag)}${flag.list ? '...' : ''}>`;
  return [
    `| \`--${flag.name}${value}\` | ${cell(describeFlag(flag))} |`,
    ...(flag.negatable ? [`| \`--no-${flag.name}\` | The opposite. |`] : []),
    ...(flag.long ? [`| \`--${flag.name}-file <path>\` | The same from a file; - is standard input. |`] : []),
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
