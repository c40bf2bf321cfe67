import { join } from 'node:path';
import { operationStep } from '../../../core/next-step.ts';
import { deletedName } from '../../../core/task/dependencies.ts';
import type { Finding } from '../../maintenance.ts';
import { logFile, logFolder, logIdOf, namesIn } from '../logs/layout.ts';
import { countLines, NEWLINE } from '../logs/lines.ts';
import { endedParts } from '../logs/parts.ts';
import { TEAR } from '../logs/seal.ts';
import { openIfThere, openLog, PartCache } from '../logs/source.ts';
import { orphans } from './garbage.ts';
import type { MaintenanceContext } from './maintenance-context.ts';

const DAY_MS = 86_400_000;
/** A line that is being written just now is not torn. */
const WRITING_MS = 2_000;

/** Logs, the archive, and dependencies of tasks. */
export async function checkLogs(context: MaintenanceContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of await namesIn(context.fs, context.layout.logs)) {
    const id = logIdOf(name);
    if (id !== undefined) findings.push(...(await checkTorn(context, id)));
    else findings.push(...(await checkIndex(context, name)));
  }
  for (const check of [checkOrphans, checkArchive, checkDependencies]) findings.push(...(await check(context)));
  return findings;
}

async function checkTorn({ fs, layout, now }: MaintenanceContext, id: string): Promise<Finding[]> {
  const file = logFile(layout.logs, id);
  const handle = await openIfThere(fs, file);
  if (handle === undefined) return [];
  try {
    const { size, mtimeMs } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size === 0 || now() - mtimeMs < WRITING_MS) return [];
    await handle.read(last, 0, 1, size - 1);
    if (last[0] === NEWLINE) return [];
  } finally {
    await handle.close();
  }
  return [
    {
      code: 'log-torn',
      what: `The last line of ${file} was torn by a crash.`,
      advice: 'It is skipped. A line feed is added, so that the next line is whole.',
      fix: async () => {
        const end = await fs.open(file, 'a');
        try {
          await end.writeFile(TEAR);
        } finally {
          await end.close();
        }
      },
    },
  ];
}

/** Recounts the entries of the index. */
async function checkIndex({ fs, layout }: MaintenanceContext, id: string): Promise<Finding[]> {
  const file = join(logFolder(layout.logs, id), 'index.json');
  const text = await fs.readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const log = await openLog(fs, layout.logs, id, new PartCache());
  let right = log !== undefined;
  try {
    const parts = (JSON.parse(text) as { parts: Record<string, { lines: number; offset: number }> }).parts;
    for (const part of log?.parts ?? []) {
      const noted = parts[part.number];
      if (noted === undefined || part.live) continue;
      const source = await part.open();
      right &&= (await countLines(source, 0, Math.min(noted.offset, source.size))).lines === noted.lines;
    }
  } catch {
    right = false;
  } finally {
    await log?.close();
  }
  if (right) return [];
  return [
    {
      code: 'log-index-wrong',
      what: `The index of the log in ${logFolder(layout.logs, id)} does not fit the log.`,
      advice: 'It is only a cache of counts; it is removed and rebuilt.',
      fix: () => fs.rm(file, { force: true }),
    },
  ];
}

/** A grace period of a day: a log may be moving into the archive, or back. */
async function checkOrphans(context: MaintenanceContext): Promise<Finding[]> {
  const { fs, layout } = context;
  return (await orphans(context))
    .filter(({ ageMs }) => ageMs >= DAY_MS)
    .map(({ root, id }) => ({
      code: 'log-orphan',
      what: `There is a log of ${id} in ${root}, but no such task.`,
      advice: 'It is moved to quarantine.',
      next: [operationStep('Free the disk space', 'gc')],
      fix: async () => {
        await fs.mkdir(layout.quarantine, { recursive: true });
        const stamp = Date.now();
        for (const name of [`${id}.jsonl`, id]) {
          await fs.rename(join(root, name), join(layout.quarantine, `${stamp}-${name}`)).catch(() => {});
        }
      },
    }));
}

async function checkArchive({ fs, layout, archive, view }: MaintenanceContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of await archive.names()) {
    if (await archive.isReadable(name)) continue;
    const file = await archive.path(name);
    findings.push({
      code: 'archive-unreadable',
      what: `The archived task #${name.number} cannot be read from ${file}.`,
      advice: 'It is moved to quarantine. Correct the file there and move it back.',
      fix: async () => {
        await fs.mkdir(layout.quarantine, { recursive: true });
        await fs.rename(file, join(layout.quarantine, `${Date.now()}-${name.number}-${name.id}.json`));
      },
    });
  }
  for (const id of await namesIn(fs, layout.archivedLogs)) {
    if (view.byId(id) === undefined || (await endedParts(fs, layout.archivedLogs, id)).length === 0) continue;
    findings.push({
      code: 'archive-log-left',
      what: `A part of the log of #${view.byId(id)?.number} is still in the archive, though the task is not.`,
      advice: 'Archive the task and bring it back: its log is put together again.',
    });
  }
  return findings;
}

async function checkDependencies({ view }: MaintenanceContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const task of view.byStatus('pending')) {
    for (const id of task.depends_on) {
      if (view.dependency(id) !== undefined) continue;
      findings.push({
        code: 'dependency-missing',
        what: `#${task.number} "${task.title}" waits for ${deletedName(task, id)} and never starts.`,
        advice: 'Remove the dependency to let it start.',
        next: [operationStep('Remove it', 'task.remove-dependency', { task: task.number, dependsOn: id })],
      });
    }
  }
  return findings;
}
