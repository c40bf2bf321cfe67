import { TaskError } from '../../core/errors.ts';
import { operationStep } from '../../core/next-step.ts';
import type { QuestionField } from '../../core/task/approval.ts';
import { describeField, fieldValue } from '../../core/task/form-answer.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import type { Host } from '../../host.ts';
import { taskAnswer } from '../../operations/approval/answer.ts';
import { taskApprove } from '../../operations/approval/approve.ts';
import { type InboxItem, inbox } from '../../operations/approval/inbox.ts';
import { taskReject } from '../../operations/approval/reject.ts';
import { runOperation } from '../../operations/operation.ts';
import { taskById } from '../../operations/task/output.ts';
import { type Command, type Invocation, operationCommand } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { switchFlag } from '../flags.ts';
import type { Output } from '../terminal/output.ts';
import { type Asker, terminalAsker } from '../terminal/question.ts';
import { decidedView, taskName } from '../views/changed.ts';
import { inboxView } from '../views/inbox.ts';
import { requestLines } from '../views/task-parts.ts';

const listOnly = operationCommand('inbox', {
  extra: [switchFlag('decide', 'Go through the requests and decide each of them.')],
  details: 'The most pressing first. Each entry ends with the command that deals with it.',
  examples: [
    { words: 'inbox', description: 'everything that needs you' },
    { words: 'inbox --decide', description: 'go through the requests' },
    { words: 'inbox --need approval,question --json', description: 'only requests and questions, for programs' },
  ],
  json: '`{ items, total }`, each item with `need` and its `requests`',
  view: ({ items, total }, { out }) => inboxView(items, total, out),
});

export async function command(): Promise<Command> {
  const list = await listOnly();
  return {
    ...list,
    // Deciding records who decided.
    reads: false,
    run: (call) => (call.values.decide === true ? decideAll(call) : list.run(call)),
  };
}

async function decideAll(call: Invocation): Promise<ExitCode> {
  const { out } = call;
  if (call.json) {
    throw new TaskError('InvalidInput', '--decide asks a person and prints no JSON.', {
      next: [
        operationStep('List the requests', 'inbox'),
        operationStep('Decide one of them', 'task.approve', {}, ['task']),
      ],
    });
  }
  const host = await call.host();
  const { items } = await runOperation(inbox, host, { need: ['approval', 'question'] });
  if (items.length === 0) out.print('Nothing waits for your decision.');
  const asker = terminalAsker(process);
  try {
    for (const item of items) {
      for (const request of item.requests) {
        if (!(await decideOne(host, item, request, asker, out))) return exitCodes.done;
      }
    }
  } finally {
    asker.close();
  }
  return exitCodes.done;
}

type Request = InboxItem['requests'][number];

/** The values of the fields as `name=value`, each asked until it fits; none to skip, undefined when the person stops. */
async function askFields(fields: readonly QuestionField[], asker: Asker, out: Output): Promise<string[] | undefined> {
  out.print('Leave a required field empty to skip the question; q stops.');
  const pairs: string[] = [];
  for (const field of fields) {
    for (;;) {
      const value = await asker.ask(`${sanitizeLine(describeField(field))}: `);
      if (value === undefined || value === 'q') return undefined;
      if (value === '' && field.required) return [];
      if (value === '') break;
      try {
        fieldValue(field, value);
        pairs.push(`${field.name}=${value}`);
        break;
      } catch (error) {
        out.note(TaskError.from(error).message);
      }
    }
  }
  return pairs;
}

/** False when the person stops. */
async function decideOne(host: Host, item: InboxItem, request: Request, asker: Asker, out: Output): Promise<boolean> {
  const task = await taskById(host, item.id);
  out.print(`\n${out.style('bold', taskName(task))}`);
  for (const line of requestLines(request)) out.print(`  ${line}`);
  const which = { task: item.id, request: request.number };
  if (request.kind === 'feedback' && (request.detail?.fields ?? []).length > 0) {
    const field = await askFields(request.detail?.fields ?? [], asker, out);
    if (field === undefined) return false;
    if (field.length > 0)
      out.print(decidedView('Answered', await runOperation(taskAnswer, host, { ...which, field }), out.style));
    return true;
  }
  if (request.kind === 'feedback') {
    const answer = await asker.ask('Answer (empty: skip, q: stop): ');
    if (answer === undefined || answer === 'q') return false;
    if (answer !== '')
      out.print(decidedView('Answered', await runOperation(taskAnswer, host, { ...which, answer }), out.style));
    return true;
  }
  for (;;) {
    const answer = (await asker.ask('[a]pprove, approve for the [t]ask, [r]eject, [s]kip, [q]uit: '))?.toLowerCase();
    if (answer === undefined || answer === 'q' || answer === 'quit') return false;
    if (answer === 's' || answer === 'skip') return true;
    const approves = answer === 'a' || answer === 'approve';
    if (approves || answer === 't') {
      const approved = await runOperation(taskApprove, host, { ...which, forTask: !approves });
      out.print(decidedView('Approved', approved, out.style));
      return true;
    }
    if (answer === 'r' || answer === 'reject') {
      const reason = await asker.ask('Reason: ');
      if (reason === undefined) return false;
      const rejected = await runOperation(taskReject, host, { ...which, reason: reason || undefined });
      out.print(decidedView('Rejected', rejected, out.style));
      return true;
    }
  }
}
