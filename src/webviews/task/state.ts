import { signal } from '@preact/signals';
import { connect } from '../kit/connect.ts';
import { type LogLine, savedTaskSchema, type TaskModel, taskProtocol } from './protocol.ts';

const connection = connect(taskProtocol, savedTaskSchema);
export const { channel } = connection;

export const task = signal<TaskModel | undefined>(undefined);
export const gone = signal(false);
export const pinned = signal(false);
export const log = signal<readonly LogLine[]>([]);
/** Position of the first loaded log line; 0 if the whole log is loaded. */
export const logStart = signal(0);
/** The outcome of the last action. */
export const outcome = signal({ text: '', failed: false });
let shown = '';

channel.on('task', (model) => {
  connection.save({ folder: model.folder, id: model.id });
  task.value = model;
  gone.value = false;
  const key = JSON.stringify([model.folder, model.id]);
  if (key === shown) return;
  // The tab shows another task now.
  shown = key;
  log.value = [];
  outcome.value = { text: '', failed: false };
  void loadLog(null);
});
channel.on('log', ({ lines }) => {
  log.value = [...log.peek(), ...lines];
});
channel.on('gone', () => {
  gone.value = true;
});

/** Loads the lines before a position, or the end of the log. */
export async function loadLog(before: number | null): Promise<void> {
  const of = shown;
  try {
    const page = await channel.request('log', { before });
    if (of !== shown) return;
    log.value = before === null ? page.lines : [...page.lines, ...log.peek()];
    logStart.value = page.start;
  } catch (error) {
    report(error);
  }
}

export function report(error: unknown): void {
  outcome.value = { text: error instanceof Error ? error.message : String(error), failed: true };
}
