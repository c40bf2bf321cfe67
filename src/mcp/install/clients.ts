import { homedir } from 'node:os';
import { join } from 'node:path';

/** The program of the server as a client starts it. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** A client and the form of its configuration. */
export interface McpClient {
  readonly title: string;
  /** True for a file in the folder, which others may have written. */
  readonly inFolder: boolean;
  /** @param env the variables that move the folder of a client */
  file(folder: string, env: Readonly<Record<string, string | undefined>>): string;
  readonly format: 'json' | 'toml';
  /** Key of the servers. */
  readonly key: string;
  entry(server: ServerCommand): Readonly<Record<string, unknown>>;
}

const plain = ({ command, args }: ServerCommand): Record<string, unknown> => ({ command, args: [...args] });

/** Clients by the name that a person types. */
export const mcpClients = {
  claude: {
    title: 'Claude Code',
    inFolder: true,
    file: (folder) => join(folder, '.mcp.json'),
    format: 'json',
    key: 'mcpServers',
    entry: (server) => ({ type: 'stdio', ...plain(server) }),
  },
  codex: {
    title: 'Codex',
    inFolder: false,
    file: (_folder, { CODEX_HOME }) => join(CODEX_HOME ?? join(homedir(), '.codex'), 'config.toml'),
    format: 'toml',
    key: 'mcp_servers',
    entry: plain,
  },
  cursor: {
    title: 'Cursor',
    inFolder: true,
    file: (folder) => join(folder, '.cursor', 'mcp.json'),
    format: 'json',
    key: 'mcpServers',
    entry: plain,
  },
  gemini: {
    title: 'Gemini CLI',
    inFolder: true,
    file: (folder) => join(folder, '.gemini', 'settings.json'),
    format: 'json',
    key: 'mcpServers',
    entry: plain,
  },
  opencode: {
    title: 'OpenCode',
    inFolder: true,
    file: (folder) => join(folder, 'opencode.json'),
    format: 'json',
    key: 'mcp',
    entry: ({ command, args }) => ({ type: 'local', command: [command, ...args] }),
  },
  vscode: {
    title: 'VS Code',
    inFolder: true,
    file: (folder) => join(folder, '.vscode', 'mcp.json'),
    format: 'json',
    key: 'servers',
    entry: ({ command, args }) => ({ type: 'stdio', command, args: [...args, '-C', '$' + '{workspaceFolder}'] }),
  },
} as const satisfies Readonly<Record<string, McpClient>>;
