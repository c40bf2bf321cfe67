import type { TaskRecord, TaskStatus } from '../../core/task/schema.ts';
import type { Style, Tint } from '../terminal/style.ts';

const looks: Readonly<Record<TaskStatus, readonly [symbol: string, tint: Tint]>> = {
  pending: ['○', 'dim'],
  in_progress: ['●', 'blue'],
  paused: ['‖', 'yellow'],
  completed_active: ['◐', 'cyan'],
  completed: ['✓', 'green'],
  failed: ['✗', 'red'],
  cancelled: ['–', 'dim'],
};

export function statusSymbol(status: TaskStatus): string {
  return looks[status][0];
}

/** Symbol and word of a status; the word is the one that `--status` takes. */
export function statusText(status: TaskStatus): string {
  return `${looks[status][0]} ${status}`;
}

export function paintStatus(status: TaskStatus, text: string, style: Style): string {
  return style(looks[status][1], text);
}

export function statusWord(task: Pick<TaskRecord, 'status'>, style: Style): string {
  return paintStatus(task.status, statusText(task.status), style);
}
