import { taskAnswer } from '../../operations/task-answer.ts';
import { taskApprove } from '../../operations/task-approve.ts';
import { taskReject } from '../../operations/task-reject.ts';
import { operationCommand } from '../command.ts';
import { decidedView } from '../views/changed.ts';

export const approve = operationCommand({
  operation: taskApprove,
  details: '"systemprompt task show ID" shows what the task asks, with the command or the change.',
  examples: [
    { words: 'task approve 3', says: 'the one thing that it asks' },
    { words: 'task approve 3 --request 2 --for-task', says: 'its second request, and the like from now on' },
    { words: 'task approve 3 --notes "Reviewed on staging"', says: 'with words for the record' },
    { words: 'task approve 3 --as team-lead', says: 'in the name of the approver' },
  ],
  json: 'the task',
  view: (task, { out }) => decidedView('Approved', task, out.style),
});

export const reject = operationCommand({
  operation: taskReject,
  details: 'A task that is rejected before it started fails; one that asks for a tool goes on without it.',
  examples: [
    { words: 'task reject 3 --reason "Needs more tests"', says: 'with the reason' },
    { words: 'task reject 3 --all', says: 'everything that it asks' },
  ],
  json: 'the task',
  view: (task, { out }) => decidedView('Rejected', task, out.style),
});

export const answer = operationCommand({
  operation: taskAnswer,
  details:
    'The answer goes into the session that asked. A form with several values takes a line "name: value" for each, or a JSON object; "systemprompt task reject" declines the question.',
  examples: [
    { words: 'task answer 3 "Use PostgreSQL"', says: 'the one question that it asks' },
    { words: 'task answer 3 --request 2 yes', says: 'its second request' },
  ],
  json: 'the task',
  view: (task, { out }) => decidedView('Answered', task, out.style),
});
