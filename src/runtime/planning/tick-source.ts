import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { sourceOf } from '../../core/plan/match.ts';
import type { TaskId } from '../../core/task/id.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { SpecFormat } from '../../formats/spec/format.ts';
import { findTick } from '../../formats/spec/tick.ts';
import type { TaskStore } from '../../store/task-store.ts';
import { MAX_SOURCE_BYTES } from './source-file.ts';

/** Formats whose tasks are lines with a checkbox. */
const tools: ReadonlySet<string> = new Set<SpecFormat>(['spec-kit', 'kiro', 'openspec', 'checklist', 'prd', 'outline']);

/**
 * Ticks the checkbox of a completed task in the file that it was planned from. One byte changes; a line that has changed
 * since stays as it is, with a line in the log of the task. Never rejects.
 *
 * @returns true if the file has changed
 */
export async function tickSource(store: TaskStore, task: TaskRecord): Promise<boolean> {
  const place = sourceOf(task);
  if (place?.file === undefined || place.line === undefined || place.text === undefined) return false;
  if (!tools.has(place.tool)) return false;
  let reason: string | undefined;
  try {
    reason = await tick(store.folder, place.file, { line: place.line, words: place.text });
  } catch (error) {
    reason = `it cannot be changed (${(error as Error).message})`;
  }
  if (reason === undefined) return true;
  if (reason === 'ticked') return false;
  await refuse(store, task.id, `The box of this task in ${place.file} was not ticked: ${reason}.`);
  return false;
}

/** Every process that has the store open sees the completion; one of them logs the reason. */
async function refuse(store: TaskStore, id: TaskId, message: string): Promise<void> {
  try {
    await store.transact('plan.tick', (draft) => {
      const task = draft.require(id);
      if (task.metadata['tick_refused'] === message) return;
      draft.patch(id, { metadata: { ...task.metadata, tick_refused: message } });
      draft.log(id, { level: 'warn', message });
    });
  } catch (error) {
    // Deleted or archived in the meantime.
    if (!TaskError.is(error)) throw error;
  }
}

/** @returns undefined after the change, `ticked` if it was ticked already, otherwise the reason for refusing */
async function tick(
  folder: string,
  file: string,
  place: { readonly line: number; readonly words: string },
): Promise<string | undefined> {
  if (isAbsolute(file)) return 'the file is outside of the folder';
  const path = await realpath(join(folder, file));
  // The metadata of a task is untrusted: it names no file outside, and none of git or of the tasks.
  const inside = relative(await realpath(folder), path);
  const [top] = inside.split(sep);
  if (isAbsolute(inside) || top === '..' || inside === '') return 'the file is outside of the folder';
  if (top === '.git' || top === '.systemprompt') return 'the file is no specification';
  const handle = await open(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const facts = await handle.stat();
    if (!facts.isFile() || facts.size > MAX_SOURCE_BYTES) return 'it is no regular file, or too large';
    const bytes = await handle.readFile();
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const found = findTick(text, place);
    if (found.kind === 'changed') return 'its line has changed';
    if (found.kind === 'ticked') return 'ticked';
    await handle.write('x', Buffer.byteLength(text.slice(0, found.position)));
    return undefined;
  } finally {
    await handle.close();
  }
}
