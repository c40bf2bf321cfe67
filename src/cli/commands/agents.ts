import { operationCommand } from '../command.ts';
import { agentsView } from '../views/agents.ts';

export const command = operationCommand('agents', {
  examples: [
    { words: 'agents', description: 'list agents' },
    {
      words: `agents --confirm ${'4f8b02c7'.repeat(8)}`,
      description: 'confirm exactly the agents that were shown',
    },
  ],
  json: '`{ agents, unconfirmed, commands, rules, settings, digests, problems }`',
  view: (output, { out }) => agentsView(output, out),
});
