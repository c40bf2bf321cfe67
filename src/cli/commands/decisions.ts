import { waitingFollowUps } from '../../core/task/session.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { type Invocation, operationCommand } from '../command.ts';
import { safeJson } from '../terminal/output.ts';
import { decidedView, rememberedLines } from '../views/changed.ts';

export const approve = operationCommand('task.approve', {
  details: '"systemprompt task show ID" shows pending requests with their command or change.',
  examples: [
    { words: 'task approve 3', description: 'approve the only pending request' },
    {
      words: 'task approve 3 --request 2 --for-task',
      description: 'approve request 2 and similar requests of this task',
    },
    { words: 'task approve 3 --remember', description: 'also write a rule for every task of the folder' },
    { words: 'task approve 3 --notes "Reviewed on staging"', description: 'with a note for the record' },
    { words: 'task approve 3 --as team-lead', description: 'as the named approver' },
  ],
  json: 'the task; its approvals contain the `rule` that --remember wrote',
  view: (task, { out, values }) =>
    [decidedView('Approved', task, out.style), ...(values.remember === true ? rememberedLines(task) : [])].join('\n'),
});

function approving({ task, request }: Invocation['values']): string {
  const words = ['task', 'approve', String(task), ...(request === undefined ? [] : ['--request', String(request)])];
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : safeJson(word))).join(' ');
}

export const rule = operationCommand('task.rule', {
  details:
    'A rule covers a command with further harmless arguments if the command is known to be harmless, else exactly this command line, with a warning if it cannot be undone. Other rules cover files of a kind in a folder, or a kind of tool. No rule covers several commands, redirections, files outside of the folder, secrets, or a command that may never end.',
  examples: [
    { words: 'task rule 3', description: 'for the only pending request' },
    { words: 'task rule 3 --request 2', description: 'for request 2' },
  ],
  json: '`{ rule, text, warning, shown }`, or `{ reason }` if no rule is offered',
  view: ({ rule: written, text, warning, shown, reason }, { values }) =>
    written === undefined
      ? `No rule: ${sanitizeLine(reason ?? '')}`
      : [
          sanitizeLine(text ?? ''),
          ...(warning === undefined ? [] : [`Warning: ${sanitizeLine(warning)}`]),
          safeJson(written),
          `Write this rule and approve: systemprompt ${approving(values)} --remember --shown ${shown}`,
        ].join('\n'),
});

export const reject = operationCommand('task.reject', {
  details:
    'Rejecting the start fails the task. Rejecting a tool request lets the task continue without the tool. If no request is pending and the result is not merged yet, the agent continues in the same session with the reason.',
  examples: [
    { words: 'task reject 3 --reason "Needs more tests"', description: 'with a reason' },
    { words: 'task reject 3 --all', description: 'reject all pending requests' },
    { words: 'task reject 3 --reason "Handle the empty list"', description: 'request changes to a finished result' },
  ],
  json: 'the task',
  view: (task, { out }) =>
    decidedView(waitingFollowUps(task).length > 0 ? 'Requested changes' : 'Rejected', task, out.style),
});

export const answer = operationCommand('task.answer', {
  details:
    'Sends the answer to the session that asked. For a form, give each value with --field, or pass a line "name: value" for each, or a JSON object. To decline the question, use "systemprompt task reject".',
  examples: [
    { words: 'task answer 3 "Use PostgreSQL"', description: 'answer the only pending question' },
    { words: 'task answer 3 --request 2 yes', description: 'answer request 2' },
    { words: 'task answer 3 --field color=blue --field size=2', description: 'fill in the fields of a form' },
  ],
  json: 'the task',
  view: (task, { out }) => decidedView('Answered', task, out.style),
});
