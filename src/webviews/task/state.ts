import { signal } from '@preact/signals';
import { connect } from '../kit/connect.ts';
import type { FieldName } from '../kit/fact-schema.ts';
import type { Drafts, FormValues } from '../kit/form-schema.ts';
import { withPage } from './log-lines.ts';
import {
  type Editable,
  type LogFilter,
  type LogLine,
  savedTaskSchema,
  type TaskModel,
  type TextEdit,
  taskProtocol,
} from './protocol.ts';

const connection = connect(taskProtocol, savedTaskSchema);
export const { channel } = connection;
const { saved } = connection;

export const task = signal<TaskModel | undefined>(undefined);
export const gone = signal(false);
/** Whether the tab stays when another task is shown. */
export const pinned = signal(saved?.pinned ?? false);
/** Texts that the person has not saved yet. */
export const edits = signal<Readonly<Partial<Record<string, TextEdit>>>>(saved?.edits ?? {});
/** As on the command line, debug entries are shown on request. */
export const logFilter = signal<LogFilter>(saved?.filter ?? { level: 'info', type: '', search: '', fold: true });
export const log = signal<readonly LogLine[]>([]);
/** Position of the first loaded log line; 0 if the whole log is loaded. */
export const logStart = signal(0);
/** The outcome of the last action. */
export const outcome = signal({ text: '', failed: false });
/** Answers that the person has not sent yet, by the keys of their requests. */
export const answers = signal<Drafts>(saved?.answers ?? {});
let shown = saved === undefined ? '' : keyOf(saved);
let loaded = false;

channel.on('task', (model) => {
  // Answers to requests that are no longer pending are dropped.
  const pending = model.requests.flatMap(({ key }) => {
    const values = answers.peek()[key];
    return values === undefined ? [] : [[key, values] as const];
  });
  answers.value = Object.fromEntries(pending);
  const key = keyOf(model);
  // The tab shows another task now.
  const changes = key !== shown;
  if (changes) edits.value = {};
  task.value = model;
  save();
  gone.value = false;
  if (loaded && !changes) return;
  loaded = true;
  shown = key;
  log.value = [];
  logStart.value = 0;
  outcome.value = { text: '', failed: false };
  void loadLog(null);
});
channel.on('log', ({ lines }) => {
  log.value = [...log.peek(), ...lines];
});
channel.on('gone', () => {
  gone.value = true;
});

export function setAnswer(key: string, values: FormValues): void {
  answers.value = { ...answers.peek(), [key]: values };
  save();
}

/** Keeps the tab for this task, as the editor keeps the tab of a changed file. */
export function pin(): void {
  if (pinned.peek()) return;
  channel.request('pin', {}).then(() => {
    pinned.value = true;
    save();
  }, report);
}

/** @param edit undefined if the person has saved the text, or has given up the edit */
export function setEdit(field: Editable, edit: TextEdit | undefined): void {
  edits.value = { ...edits.peek(), [field]: edit };
  if (edit !== undefined) pin();
  save();
}

export function setLogFilter(change: Partial<LogFilter>): void {
  logFilter.value = { ...logFilter.peek(), ...change };
  save();
}

function save(): void {
  const model = task.peek();
  if (model === undefined) return;
  connection.save({
    folder: model.folder,
    id: model.id,
    pinned: pinned.peek(),
    edits: edits.peek(),
    filter: logFilter.peek(),
    answers: answers.peek(),
  });
}

function keyOf({ folder, id }: { readonly folder: string; readonly id: string }): string {
  return JSON.stringify([folder, id]);
}

/** Loads the lines before a position, or the end of the log. */
export async function loadLog(before: number | null): Promise<void> {
  const of = shown;
  try {
    const page = await channel.request('log', { before });
    if (of !== shown) return;
    const next = withPage({ lines: log.peek(), start: logStart.peek() }, before, page);
    log.value = next.lines;
    logStart.value = next.start;
  } catch (error) {
    report(error);
  }
}

/** Loads all that is missing at the beginning of the log. */
export async function loadWholeLog(): Promise<void> {
  const of = shown;
  let start = logStart.peek();
  while (start > 0 && of === shown) {
    await loadLog(start);
    if (logStart.peek() >= start) return;
    start = logStart.peek();
  }
}

/** Asks the person for a new value of a field in the editor. */
export function change(field: FieldName): void {
  channel.request('change', { field }).catch(report);
}

export function report(error: unknown): void {
  outcome.value = { text: error instanceof Error ? error.message : String(error), failed: true };
}
