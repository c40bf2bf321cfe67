import type { AgentAdapter } from './adapter.ts';

/** Claude Code by `claude-agent-acp`, which passes `_meta.claudeCode.options` on to the Claude Agent SDK. */
export const claude: AgentAdapter = {
  tokensCount: 'turn',
  reportsUsage: true,
  meta({ reach }) {
    if (reach === undefined) return undefined;
    const { read, write, run, web } = reach;
    // The model is not offered such tools.
    const disallowedTools = [
      ...(read === 'none' ? ['Read', 'Glob', 'Grep', 'LS', 'NotebookRead'] : []),
      ...(write === 'none' ? ['Edit', 'MultiEdit', 'Write', 'NotebookEdit'] : []),
      ...(run === 'none' ? ['Bash'] : []),
      ...(web === 'none' ? ['WebFetch', 'WebSearch'] : []),
    ];
    return { claudeCode: { options: { disallowedTools } } };
  },
  modes: { asks: 'default', loose: ['acceptEdits', 'auto', 'bypassPermissions'] },
};
