import type { OutputOf } from '../../operations/all.ts';
import { operationCommand } from '../command.ts';
import { raceView } from '../views/race.ts';

const json =
  '`{ id, number, title, status, branch, work, entrants: [{ id, number, title, agent, model, status, error, picked, pickable, changes, checks, duration, tokens, cost_usd, precision, notes, judge }], judge, judgeable, usage }`';

export const race = operationCommand('task.race', {
  details: `The task becomes a race. Each entrant does the same work in its own worktree, and all spend from the limits of the task.
When they have ended, compare them with "task race show", and choose one with "task race pick".`,
  examples: [
    { words: 'task race 3 --agents CLAUDECODE,CODEX', description: 'two agents, the same task' },
    { words: 'task race 3 --agents CODEX:gpt-5,CLAUDECODE --n 4', description: 'two entrants of each' },
    { words: 'task race 3 --n 3', description: 'the same agent three times' },
  ],
  json,
  view: (output, { out, values }) =>
    [raceView(output, out.style, out.columns), ...nextOfNew(output, values['draft'] === true)].join('\n'),
});

/** The next command for a race whose entrants have not begun. */
function nextOfNew({ number, entrants, status }: OutputOf<'task.race'>, isDraft: boolean): string[] {
  // The view has the next command for one that runs.
  if (status !== 'pending') return [];
  const words = entrants.map((entrant) => entrant.number).join(' ');
  return [isDraft ? `Start them: systemprompt task start ${words}` : `Follow them: systemprompt task watch ${number}`];
}

export const show = operationCommand('task.race.show', {
  details: 'Changed lines, checks, time, spend and notes of each entrant, and the opinion of a judging agent.',
  examples: [{ words: 'task race show 3', description: 'compare the entrants' }],
  json,
  view: (output, { out }) => raceView(output, out.style, out.columns),
});

export const pick = operationCommand('task.race.pick', {
  details: `Name the entrant, not the race. Its work becomes the work of the race, for "task diff" and "task merge". Entrants that still
work are cancelled. Git keeps the other results for 30 days.`,
  examples: [{ words: 'task race pick 5', description: 'take the result of entrant #5' }],
  json,
  view: (output, { out }) => raceView(output, out.style, out.columns),
});

export const judge = operationCommand('task.race.judge', {
  details: 'The agent gets the task, the notes and the diffs, and gives each result a score. You still pick.',
  examples: [{ words: 'task race judge 3 --agent CLAUDECODE', description: 'ask an agent for its opinion' }],
  json,
  view: (output, { out }) => raceView(output, out.style, out.columns),
});
