import { agents } from '../../operations/agents.ts';
import { operationCommand } from '../command.ts';
import { agentTable } from '../views/agents.ts';

export const command = operationCommand({
  operation: agents,
  examples: [{ words: 'agents', says: 'which agents can be used here' }],
  json: '`{ agents }`',
  view: (output, { out }) => agentTable(output.agents, out),
});
