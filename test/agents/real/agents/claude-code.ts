import { join } from 'node:path';
import { anthropicMessages } from '../../../support/scripted-model/anthropic.ts';
import { DUMMY_KEY, type RealAgent } from './agent.ts';

export const claudeCode: RealAgent = {
  name: 'CLAUDECODE',
  title: 'Claude Code',
  package: { name: '@agentclientprotocol/claude-agent-acp', version: '0.101.0', program: 'claude-agent-acp' },
  api: anthropicMessages,
  other: { choice: 'haiku', reaches: /haiku/ },
  // Refuses to run as root otherwise.
  machine: { IS_SANDBOX: '1' },
  configure: async (home, baseURL) => ({
    ANTHROPIC_BASE_URL: baseURL,
    ANTHROPIC_API_KEY: DUMMY_KEY,
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    // Retries take minutes otherwise.
    CLAUDE_CODE_MAX_RETRIES: '1',
  }),
  cwdIn: (conversation) => /orking directory: ([^\\"\n]+)/.exec(conversation)?.[1],
  // It names deferred tools in the conversation.
  find: ({ text }) => {
    const names = new Set(text.match(/mcp__systemprompt_\w+/g));
    return { name: 'ToolSearch', input: { query: `select:${[...names].join()}`, max_results: 10 } };
  },
  native(call, cwd) {
    switch (call.kind) {
      case 'write':
        return [{ name: 'Write', input: { file_path: join(cwd, call.path), content: call.content } }];
      case 'run':
        return [{ name: 'Bash', input: { command: call.command, description: 'Runs the command' } }];
      case 'read':
        return [{ name: 'Read', input: { file_path: join(cwd, call.path) } }];
      case 'plan':
        return [];
      case 'ask': {
        const options = call.options.map((label) => ({ label, description: label }));
        const questions = [{ question: call.question, header: 'Choice', options, multiSelect: false }];
        return [{ name: 'AskUserQuestion', input: { questions } }];
      }
    }
  },
};
