import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CreateTaskParams, newTaskRecord } from '../src/core/task/create.ts';
import type { TaskRecord } from '../src/core/task/schema.ts';
import { priorities, SCHEMA_VERSION } from '../src/core/task/schema.ts';
import { layoutOf, segmentFile, stagingFolder, taskFile } from '../src/store/file/disk/layout.ts';
import { taskText } from '../src/store/file/snapshots/task-text.ts';

const words = ['parser', 'login', 'cache', 'report', 'upload', 'schema', 'export', 'search', 'theme', 'retry'];
const EPOCH = Date.UTC(2025, 0, 1);

/** A task as a person would write it: 400 to 500 bytes of words. The same number gives the same words. */
export function sampleParams(index: number): CreateTaskParams {
  const [a, b] = [words[index % 10], words[Math.floor(index / 10) % 10]];
  return {
    title: `Repair the ${a} of the ${b} page, part ${index}`,
    description: `The ${a} breaks when the ${b} is empty. Find the cause, fix it, and add a test that fails without the change.`,
    instructions: `Start in src/${a}/${b}.ts. Run the tests of ${a} before and after; keep the public interface as it is.`,
    tool: index % 4 === 0 ? 'SHELL' : 'CLAUDECODE',
    priority: priorities[(index * 7) % priorities.length] ?? 'medium',
    labels: [index % 3 === 0 ? 'bug' : 'feature'],
    project: `project-${index % 20}`,
  };
}

/** Records as a store has them, numbered from 1, in the order in which they were made. */
export function sampleRecords(
  count: number,
  change: (record: TaskRecord, index: number, all: readonly TaskRecord[]) => Partial<TaskRecord> = () => ({}),
): TaskRecord[] {
  const records: TaskRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    const at = new Date(EPOCH + index * 1_000).toISOString();
    const record = { ...newTaskRecord(sampleParams(index), at), number: index + 1, revision: 1 } as TaskRecord;
    records.push({ ...record, ...change(record, index, records) });
  }
  return records;
}

/** Lays a store out as it is on disk after its journal was compacted. */
export function writeSampleStore(folder: string, records: readonly TaskRecord[]): void {
  const layout = layoutOf(folder);
  for (const made of [layout.journal, layout.tasks, layout.logs, stagingFolder(layout, '1')]) {
    mkdirSync(made, { recursive: true });
  }
  for (const record of records) {
    writeFileSync(taskFile(layout, record.id), taskText(record, Infinity));
  }
  writeFileSync(segmentFile(layout, 1), '');
  writeFileSync(
    layout.stateFile,
    JSON.stringify({ schema_version: SCHEMA_VERSION, generation: 1, next_number: records.length + 1 }),
  );
  writeFileSync(join(layout.root, '.gitignore'), 'state/\n');
}
