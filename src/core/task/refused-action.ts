import { TaskError } from '../errors.ts';
import { type NextStep, operationStep } from '../next-step.ts';
import type { TaskRecord, TaskStatus } from './schema.ts';

/** An action of a person on a task that depends on its status. */
export type TaskAction = 'start' | 'pause' | 'resume' | 'follow-up' | 'complete' | 'cancel' | 'restart';

type StepName = TaskAction | 'show' | 'cancel first';

/** The useful next steps from each status, for an action that is not in `exceptions`. */
const usual: Readonly<Record<TaskStatus, readonly StepName[]>> = {
  pending: ['start'],
  in_progress: ['show'],
  paused: ['resume'],
  completed_active: ['follow-up', 'complete'],
  completed: ['restart'],
  failed: ['resume', 'restart'],
  cancelled: ['restart'],
};

const exceptions: Readonly<Partial<Record<TaskAction, Readonly<Partial<Record<TaskStatus, readonly StepName[]>>>>>> = {
  restart: {
    in_progress: ['cancel first'],
    paused: ['resume', 'cancel first'],
    completed_active: ['follow-up', 'complete', 'cancel first'],
  },
  // Without a lease, the worker of the session no longer exists.
  'follow-up': { completed_active: ['complete'] },
};

const participles: Readonly<Record<Exclude<TaskAction, 'follow-up'>, string>> = {
  start: 'started',
  pause: 'paused',
  resume: 'resumed',
  complete: 'completed',
  cancel: 'cancelled',
  restart: 'restarted',
};

/** The commands that help where a task is not in a status for an action. */
export function stepsInstead(action: TaskAction, { status, number }: TaskRecord): NextStep[] {
  return (exceptions[action]?.[status] ?? usual[status]).map((name) => stepOf(name, number));
}

/** The error of an action for which a task is not in the right status. */
export function refusedAction(
  action: Exclude<TaskAction, 'follow-up'>,
  task: TaskRecord,
  details: { readonly to: TaskStatus; readonly allowed?: readonly TaskStatus[] },
): TaskError {
  const done = participles[action];
  const fault = task.status === done ? `is already ${done}` : `is ${task.status} and cannot be ${done}`;
  return new TaskError('IllegalTransition', `#${task.number} ${fault}.`, {
    next: stepsInstead(action, task),
    details: { from: task.status, ...details },
  });
}

function stepOf(name: StepName, number: number): NextStep {
  const tasks = { tasks: [number] };
  switch (name) {
    case 'show':
      return operationStep('Show it', 'task.show', { task: number });
    case 'start':
      return operationStep('Start it', 'task.start', tasks);
    case 'pause':
      return operationStep('Pause it', 'task.pause', tasks);
    case 'resume':
      return operationStep('Resume it', 'task.resume', tasks);
    case 'follow-up':
      return operationStep('Send a follow-up', 'task.follow-up', { task: number }, ['prompt']);
    case 'complete':
      return operationStep('Complete it', 'task.complete', tasks);
    case 'cancel':
      return operationStep('Cancel it', 'task.cancel', tasks);
    case 'cancel first':
      return operationStep('Cancel it first', 'task.cancel', tasks);
    case 'restart':
      return operationStep('Restart it', 'task.restart', tasks);
  }
}
