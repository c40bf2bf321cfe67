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

\`systemprompt\` creates, runs, watches and reviews the tasks of a folder. This page is generated from the commands.

- \`systemprompt --help\` lists the commands. \`systemprompt task create --help\` shows the options and examples of one.
- Refer to a task by its number (\`3\` or \`#3\`), full id or exact title. Commands that can be undone also take a unique
  prefix of the id (at least four characters); \`cancel\`, \`delete\`, \`discard\` and \`restore\` do not.
- Without \`-C\`, commands use the nearest parent folder with tasks, or else the current folder. Commands that only read
  create no files.
- Results go to standard output, notes and errors to standard error. Only terminals get colours; \`NO_COLOR\` turns them
  off. Control characters in titles and agent output never reach the terminal.

| option of every command | |
|---|---|
| \`-C, --directory DIR\` | run as if started in this folder |
| \`--json\` | print JSON, for programs |
| \`--as WHO\` | record this name as the person who acts or approves |
| \`-h, --help\` | show help for the command |

## Exit codes

| code | when |
|---|---|
| 0 | success; \`task start --wait\`: every task is \`completed\` or \`completed_active\` |
| 1 | failure: an awaited task failed, an agent is not installed, the folder is not writable |
| 2 | usage error: an unknown option, an invalid value, an empty title, a text that is too long, an ambiguous title |
| 3 | not found: no such task, agent, request or dependency |
| 4 | conflict: wrong task status, a dependency cycle, a concurrent change, a store written by a newer version |
| 130 | Ctrl-C: a command stopped following (the task continues), or stopped between two steps |
`;

const jsonNotes = `
*The task* is the object in \`.systemprompt/state/tasks/<id>.json\`, with \`duration\` (milliseconds of work), \`log_count\` and
\`logs\` (the latest 1,000 entries) added. Tasks in a list have no \`logs\`. A log entry is \`{ timestamp, level, type, prefix?,
message, metadata? }\`. JSON Lines output has one value per line. Times are ISO 8601 in UTC.

An error is \`{ "error": { "code", "message", "next", "details"? } }\` on standard output, with the exit code of its kind.
\`next\` lists next steps: \`{ "kind": "operation", "operation", "input", "ask"?, "label" }\` names an operation with its
input (\`ask\` lists the keys to fill in), \`{ "kind": "shell", "command", "label" }\` is a command of another program, and
\`{ "kind": "text", "label" }\` is a sentence. Codes are stable; messages may change.
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
  const examples = command.examples
    .map(({ words, description }) => `# ${description}\nsystemprompt ${words}`)
    .join('\n');
  const details = command.details === undefined ? '' : `\n${command.details}\n`;
  const usage = ['systemprompt', name, ...args].join(' ');
  return `\n## ${name}\n\n${summary}\n${details}\n\`${usage} [options]\`\n${table}\n\`\`\`sh\n${examples}\n\`\`\``;
}

function flagRows(flag: Flag): string[] {
  const value = flag.type === 'switch' ? '' : ` <${placeholder(flag)}${flag.list ? '...' : ''}>`;
  return [
    `| \`--${flag.name}${value}\` | ${cell(describeFlag(flag))} |`,
    ...(flag.negatable ? [`| \`--no-${flag.name}\` | Opposite of \`--${flag.name}\`. |`] : []),
    ...(flag.long ? [`| \`--${flag.name}-file <path>\` | The same, read from a file; - reads standard input. |`] : []),
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
