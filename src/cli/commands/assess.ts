import { type Command, operationCommand } from '../command.ts';
import { estimateView, matchView } from '../views/assess.ts';

export const match = operationCommand('task.match', {
  details: `Looks at the kind of work, its complexity, the abilities of the agents, and how similar tasks went here.
"task create --assigned-to auto" takes the best one.`,
  examples: [
    { words: 'task match 3', description: 'agents for an existing task' },
    { words: 'task match --title "Fix the login test"', description: 'for one that does not exist yet' },
  ],
  json: '`{ type, complexity, shares, matches, unfit }`',
  view: (output, { out }) => matchView(output, out.style),
});

/** The same for a described task, beside the list of agents. */
export const matchText = async (): Promise<Command> => {
  const command = await match();
  return {
    ...command,
    examples: [
      { words: 'agents match "Fix the login test"', description: 'the best agent for this work, with the reasons' },
    ],
    flags: command.flags.filter(({ key }) => key !== 'task'),
    positional: [{ key: 'title', required: true }],
  };
};

export const estimate = operationCommand('task.estimate', {
  details: 'From similar finished tasks of the same agent here; without three of them, from the complexity alone.',
  examples: [{ words: 'task estimate 3', description: 'the expected spend with a range' }],
  json: '`{ agent, type, complexity, tokens, cost, minutes, basis }`',
  view: (output) => estimateView(output),
});
