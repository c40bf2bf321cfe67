import { agents } from '../../operations/agents.ts';
import { operationCommand } from '../command.ts';
import { agentsView } from '../views/agents.ts';

export const command = operationCommand({
  operation: agents,
  examples: [
    { words: 'agents', says: 'which agents can be used here' },
    { words: 'agents --confirm', says: "let this folder's own agents be run on this machine" },
  ],
  json: '`{ agents, unconfirmed, commands, rules, problems }`',
  view: (output, { out }) => agentsView(output, out),
});
