import { claudeRecord } from '../records/claude.ts';
import type { AgentAdapter } from './adapter.ts';

/** Claude Code by `claude-agent-acp`, which passes `_meta.claudeCode.options` on to the Claude Agent SDK. */
export const claude: AgentAdapter = {
  tokensCount: 'turn',
  record: claudeRecord,
  reportsUsage: true,
  meta({ reach, title, maxCostUsd }) {
    const options = {
      // The suggestion of a next prompt is a call of the model after each turn, which nobody would see.
      promptSuggestions: false,
      ...(title === undefined ? {} : { title }),
      // It reports its cost only at the end of a turn.
      ...(maxCostUsd === undefined ? {} : { maxBudgetUsd: maxCostUsd }),
    };
    if (reach === undefined) return { claudeCode: { options } };
    const { read, write, run, web } = reach;
    // The model is not offered such tools.
    const disallowedTools = [
      ...(read === 'none' ? ['Read', 'Glob', 'Grep', 'LS', 'NotebookRead'] : []),
      ...(write === 'none' ? ['Edit', 'MultiEdit', 'Write', 'NotebookEdit'] : []),
      ...(run === 'none' ? ['Bash'] : []),
      ...(web === 'none' ? ['WebFetch', 'WebSearch'] : []),
    ];
    return { claudeCode: { options: { ...options, disallowedTools } } };
  },
  modes: { asks: 'default', loose: ['acceptEdits', 'auto', 'bypassPermissions'] },
};
