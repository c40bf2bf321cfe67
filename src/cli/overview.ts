import { declarations, type OperationName } from '../operations/declarations.ts';

// Answers that need neither the commands nor commander. The program starts with this file, so it imports little.

/** The words of a command, joined by dots: every operation is one, and these are the command line's own. */
const own = {
  'task.watch': 'Follow tasks live until they end.',
  'agents.match': 'Choose the best agent for a described task, with the reasons.',
  'task.edit': 'Edit a task in your text editor.',
  dashboard: 'Watch all tasks full-screen.',
  completion: 'Print the completion script of a shell.',
  'mcp.install': 'Add the server to the configuration of an assistant.',
  mcp: 'Serve the tasks to an assistant over MCP on standard input and output.',
  'store.init': 'Create a store in a PostgreSQL database.',
  'store.status': 'Show where the tasks are, and the workers.',
  'store.migrate': 'Copy the tasks between files and a database.',
  worker: 'Run queued tasks in the foreground until Ctrl-C.',
} as const;

export type CommandName = OperationName | keyof typeof own;

/** Commands of two words, by the first one. */
export const groups: Readonly<Record<string, string>> = {
  task: 'Create, run, watch and review tasks.',
  template: 'Create tasks from templates.',
  store: 'Keep the tasks in files or in a database.',
  plan: 'Create several tasks from one file.',
  mcp: 'Serve the tasks to an assistant over MCP on standard input and output.',
  agents: 'List agents, or choose one for a task.',
  project: 'Group tasks into projects.',
  queue: 'Run every pending task in order, or only those that a person starts.',
};

export const description = 'Durable tasks for AI coding agents.';

/** Options that every command takes, in commander's notation. */
export const globalOptions: readonly (readonly [flags: string, text: string])[] = [
  ['-C, --directory <dir>', 'Run as if started in this folder.'],
  [
    '--store <address>',
    'Use tasks in PostgreSQL: postgres://user@host/database?store=name. Default: files, or the settings.',
  ],
  ['--json', 'Print JSON, for programs.'],
  ['--fields <names>', 'Print JSON with these fields only, for example number,title,usage.total_tokens.'],
  ['--jq <expression>', 'Print JSON filtered by the jq program, for example ".tasks[].title".'],
  ['--no-color', 'Print without colours.'],
  ['--as <who>', 'Record this name as the person who acts or approves.'],
  ['-V, --version', 'Print the version.'],
];

export const helpOption = ['-h, --help', 'Show this help.'] as const;

export const examples = `
Start here:
  systemprompt task create "Say hello" --assigned-to SHELL --instructions "echo hello" --start
  systemprompt task list
  systemprompt task watch 1

"systemprompt <command> --help" shows the options and examples of a command.
`;

/** The summary of a command, for the overview and its own help. */
export function summaryOf(name: CommandName): string {
  return name in own ? own[name as keyof typeof own] : declarations[name as OperationName].summary;
}

/** The help of the whole program, wrapped as commander wraps it. */
export function overview(columns: number): string {
  const single = (Object.keys({ ...declarations, ...own }) as CommandName[]).filter(
    (name) => !name.includes('.') && !(name in groups),
  );
  const commands = [...Object.entries(groups), ...single.map((name) => [name, summaryOf(name)] as const)];
  const options = [...globalOptions, helpOption];
  const width = Math.max(...[...commands, ...options].map(([term]) => term.length));
  const list = (items: readonly (readonly [string, string])[]): string =>
    items.map(([term, text]) => `  ${term.padEnd(width)}  ${wrap(text, columns - width - 4, width + 4)}`).join('\n');
  return [
    'Usage: systemprompt [options] [command]',
    wrap(description, columns, 0),
    `Options:\n${list(options)}`,
    `Commands:\n${list(commands)}\n${examples}`,
  ].join('\n\n');
}

function wrap(text: string, width: number, indent: number): string {
  // As commander does: in less than this, a sentence is unreadable.
  if (width < 40) return text;
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}
