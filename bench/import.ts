import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAgentCatalog } from '../src/agents/catalog.ts';
import { silentLogger } from '../src/core/logger.ts';
import type { OperationContext } from '../src/operations/context.ts';
import { runOperation } from '../src/operations/operation.ts';
import { importTasks } from '../src/operations/plan/import.ts';
import type { TaskStore } from '../src/store/task-store.ts';
import { alternate, type Benchmark, diskSync, ratioAtMost } from './kit.ts';
import { measuredStore, rawWrite, type Written } from './raw-store.ts';
import { sampleParams } from './samples.ts';

const COUNT = 10_000;
const ROUNDS = 5;

/** 10,000 tasks of another tool in one transaction beside writing the same bytes. */
export const importing: Benchmark = {
  name: 'import',
  measures: `importing ${COUNT} tasks of beads in one transaction, until the store is closed`,
  async run(print) {
    let { written } = await ours();
    const pair = await alternate(
      ROUNDS,
      async () => {
        const round = await ours();
        written = round.written;
        return round.ms;
      },
      () => rawWrite(written, true),
    );
    print({
      name: `import ${COUNT}`,
      value: pair.ours,
      unit: 'ms',
      limit: { what: 'same journal, files, logs and syncs', value: pair.limit },
      ratio: pair.ratio,
      target: ratioAtMost(3, pair.ratio),
      note: `${written.syncs + written.fileSyncs} syncs`,
      syncMs: await diskSync(),
    });
  },
};

async function ours(): Promise<{ ms: number; written: Written }> {
  const { ms, written } = await measuredStore(
    async (store) => {
      const { tasks } = await runOperation(importTasks, contextOf(store), { path: 'issues.jsonl' });
      if (tasks.length !== COUNT) throw new Error(`Only ${tasks.length} of ${COUNT} tasks were imported.`);
    },
    (folder) => writeFile(join(folder, 'issues.jsonl'), issues()),
  );
  if (written.files.size !== COUNT) throw new Error(`Only ${written.files.size} of ${COUNT} tasks have a file.`);
  return { ms, written };
}

/** Each tenth issue is an epic with the nine after it, which follow each other. */
function issues(): string {
  const lines = Array.from({ length: COUNT }, (_, index) => {
    const { title, description, instructions, labels } = sampleParams(index);
    const id = (n: number): string => `app-${n}`;
    const epic = index - (index % 10);
    const dependencies = [
      ...(index === epic ? [] : [{ issue_id: id(index), depends_on_id: id(epic), type: 'parent-child' }]),
      ...(index % 10 < 2 ? [] : [{ issue_id: id(index), depends_on_id: id(index - 1), type: 'blocks' }]),
    ];
    const common = {
      id: id(index),
      title,
      description,
      notes: instructions,
      labels,
      priority: index % 4,
      dependencies,
    };
    return JSON.stringify({
      ...common,
      status: index % 3 === 0 ? 'closed' : 'open',
      issue_type: index === epic ? 'epic' : 'task',
      created_at: '2026-01-02T03:04:05.678901234+01:00',
    });
  });
  return `${lines.join('\n')}\n`;
}

function contextOf(store: TaskStore): OperationContext {
  return {
    store,
    agents: createAgentCatalog({ env: {} }),
    worker: { ensure: async () => {} },
    actor: 'bench',
    logger: silentLogger,
    settings: { agents: {}, worker: {}, unconfirmed: [], problems: [] },
    confirmAgents: async () => {},
    readSettings: async () => {},
    confirmTasks: async () => {},
    requireConfirmedTasks: async () => {},
    trusted: () => true,
  };
}
