import { operationCommand } from '../command.ts';
import { insightsView } from '../views/insights.ts';

export const command = operationCommand('insights', {
  details: `Suggests rules for requests that you nearly always approve, higher limits, other agents, fixes for frequent failures, and
corrections of estimates. Each suggestion shows its evidence and one action. Nothing is changed, and nothing leaves the machine.`,
  examples: [
    { words: 'insights', description: 'suggestions from all tasks' },
    { words: 'insights --project Shop', description: 'from the tasks of one project' },
  ],
  json: '`{ insights: [{ kind, subject, message, evidence: { cases, supporting, factor, tasks }, next }] }`',
  view: (output, { out }) => insightsView(output, out.style),
});
