import { sanitizeLine } from '../../core/text/sanitize.ts';
import { type Invocation, operationCommand } from '../command.ts';
import { safeJson } from '../terminal/output.ts';
import { decidedView, rememberedLines } from '../views/changed.ts';

export const approve = operationCommand('task.approve', {
  details: '"systemprompt task show ID" shows what the task asks, with the command or the change.',
  examples: [
    { words: 'task approve 3', says: 'the one thing that it asks' },
    { words: 'task approve 3 --request 2 --for-task', says: 'its second request, and the like from now on' },
    { words: 'task approve 3 --remember', says: 'and the like of it in every task of the folder, by a rule' },
    { words: 'task approve 3 --notes "Reviewed on staging"', says: 'with words for the record' },
    { words: 'task approve 3 --as team-lead', says: 'in the name of the approver' },
  ],
  json: 'the task; `rule` of its approvals is what --remember wrote',
  view: (task, { out, values }) =>
    [decidedView('Approved', task, out.style), ...(values.remember === true ? rememberedLines(task) : [])].join('\n'),
});

function approving({ task, request }: Invocation['values']): string {
  const words = ['task', 'approve', String(task), ...(request === undefined ? [] : ['--request', String(request)])];
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : safeJson(word))).join(' ');
}

export const rule = operationCommand('task.rule', {
  details:
    'A rule is about a command with harmless arguments, files of a kind in a folder, or a kind of tool. There is none for what a shell gives a meaning to, for programs that run others, and for what cannot be taken back.',
  examples: [
    { words: 'task rule 3', says: 'for the one thing that it asks' },
    { words: 'task rule 3 --request 2', says: 'for its second request' },
  ],
  json: '`{ rule, text, shown }`, or `{ reason }` where no safe rule can be written',
  view: ({ rule: written, text, shown, reason }, { values }) =>
    written === undefined
      ? `No rule: ${sanitizeLine(reason ?? '')}`
      : [
          sanitizeLine(text ?? ''),
          safeJson(written),
          `Write just this and approve: systemprompt ${approving(values)} --remember --shown ${shown}`,
        ].join('\n'),
});

export const reject = operationCommand('task.reject', {
  details: 'A task that is rejected before it started fails; one that asks for a tool goes on without it.',
  examples: [
    { words: 'task reject 3 --reason "Needs more tests"', says: 'with the reason' },
    { words: 'task reject 3 --all', says: 'everything that it asks' },
  ],
  json: 'the task',
  view: (task, { out }) => decidedView('Rejected', task, out.style),
});

export const answer = operationCommand('task.answer', {
  details:
    'The answer goes into the session that asked. A form with several values takes a line "name: value" for each, or a JSON object; "systemprompt task reject" declines the question.',
  examples: [
    { words: 'task answer 3 "Use PostgreSQL"', says: 'the one question that it asks' },
    { words: 'task answer 3 --request 2 yes', says: 'its second request' },
  ],
  json: 'the task',
  view: (task, { out }) => decidedView('Answered', task, out.style),
});
