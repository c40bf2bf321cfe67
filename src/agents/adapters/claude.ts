import type { AgentAdapter } from './adapter.ts';

/** Its own tools. Those of servers are not among them. */
const tools = {
  read: ['Read', 'Glob', 'Grep', 'LS', 'NotebookRead'],
  write: ['Edit', 'MultiEdit', 'Write', 'NotebookEdit'],
  run: ['Bash'],
  web: ['WebFetch', 'WebSearch'],
} as const;
const names: readonly string[] = Object.values(tools).flat();

/** Claude Code by `claude-agent-acp`, which passes `_meta.claudeCode.options` on to the Claude Agent SDK. */
export const claude: AgentAdapter = {
  tokensCount: 'turn',
  record: async (place) => (await import('../records/claude.ts')).claudeRecord(place),
  reportsUsage: true,
  reportsCost: true,
  meta({ reach, title, maxCostUsd }) {
    const options = {
      // The suggestion of a next prompt is a call of the model after each turn, which no person would see.
      promptSuggestions: false,
      ...(title === undefined ? {} : { title }),
      // It reports its cost only at the end of a turn.
      ...(maxCostUsd === undefined ? {} : { maxBudgetUsd: maxCostUsd }),
    };
    if (reach === undefined) return { claudeCode: { options } };
    const { read, write, run, web } = reach;
    // The model is not offered such tools.
    const disallowedTools = [
      ...(read === 'none' ? tools.read : []),
      ...(write === 'none' ? tools.write : []),
      ...(run === 'none' ? tools.run : []),
      ...(web === 'none' ? tools.web : []),
    ];
    return { claudeCode: { options: { ...options, disallowedTools } } };
  },
  refusal(toolName, output) {
    // The output of a server's tool could begin with anything.
    if (!names.includes(toolName)) return undefined;
    const text = typeof output === 'string' ? output.replace(/^```\n/, '') : '';
    const reason = `No such tool available: ${toolName}.`;
    // The output of a command that fails begins with its exit code.
    return text.startsWith(`<tool_use_error>Error: ${reason}`) ? reason : undefined;
  },
  modes: { asks: 'default', loose: ['acceptEdits', 'auto', 'bypassPermissions'] },
};
