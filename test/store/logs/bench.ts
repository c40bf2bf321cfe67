import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { silentLogger } from '../../../src/core/logger.ts';
import { newTaskRecord } from '../../../src/core/task/create.ts';
import type { TaskLogEntry } from '../../../src/core/task/log-entry.ts';
import { FileRepository } from '../../../src/store/file/file-repository.ts';
import type { LogLimits } from '../../../src/store/logs/limits.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** Parts of a few lines, so that a short log has many of them, most of them compressed. */
export const tiny: LogLimits = { partBytes: 1_000, capBytes: 4_000, maxBytes: 1_000_000_000, settleMs: 100 };

export interface LogBench {
  readonly folder: string;
  readonly repository: FileRepository;
  readonly id: string;
  /** Names in the folder of the log's parts. */
  parts(): string[];
  path(...names: string[]): string;
  /** A repository of another process, as far as the store can tell. */
  other(limits?: LogLimits): Promise<FileRepository>;
}

/** A store with one task, and limits that make parts of its log. */
export async function logBench(context: TestContext, limits: LogLimits = tiny): Promise<LogBench> {
  const folder = tempFolder(context);
  const open = async (own: LogLimits): Promise<FileRepository> => {
    const repository = new FileRepository({ folder, logger: silentLogger, watch: false, logLimits: own });
    await repository.open({ changed: () => {}, logged: () => {} });
    context.after(() => repository.close());
    return repository;
  };
  const repository = await open(limits);
  const id = await repository.mutate('create', (draft) => {
    const record = newTaskRecord({ title: 'logs' }, draft.at);
    draft.create(record);
    return record.id;
  });
  const path = (...names: string[]): string => join(folder, '.systemprompt', 'state', 'logs', ...names);
  const parts = (): string[] => {
    try {
      return readdirSync(path(id)).filter((name) => name !== 'index.json');
    } catch {
      return [];
    }
  };
  return { folder, repository, id, parts, path, other: (own = limits) => open(own) };
}

export function lines(count: number, from = 0): TaskLogEntry[] {
  return Array.from({ length: count }, (_, index) => ({
    timestamp: new Date(1_700_000_000_000 + (from + index) * 1_000).toISOString(),
    level: 'info' as const,
    type: 'output' as const,
    message: `line ${from + index} ünï\u2028`,
  }));
}

/** Everything forwards, in pages of an odd size. */
export async function forwards(repository: FileRepository, id: string, limit = 37): Promise<TaskLogEntry[]> {
  const entries: TaskLogEntry[] = [];
  for (let after = 0; ; ) {
    const page = await repository.readLog(id, { after, limit });
    entries.push(...page.entries);
    if (page.next === after) return entries;
    after = page.next;
  }
}

/** Everything backwards, in pages of an odd size. */
export async function backwards(repository: FileRepository, id: string, limit = 37): Promise<TaskLogEntry[]> {
  let entries: TaskLogEntry[] = [];
  let page = await repository.readLog(id, { limit });
  for (let before = -1; page.start !== before; page = await repository.readLog(id, { before, limit })) {
    entries = [...page.entries, ...entries];
    before = page.start;
  }
  return entries;
}
