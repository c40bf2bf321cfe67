import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { operationStep } from '../../../core/next-step.ts';
import type { Finding } from '../../maintenance.ts';
import { isMissing } from '../disk/file-system.ts';
import { taskFile } from '../disk/layout.ts';
import { readStateFile } from '../journal/state-file.ts';
import { namesIn } from '../logs/layout.ts';
import { parseTaskText } from '../snapshots/task-text.ts';
import { checkLinks } from './check-links.ts';
import { checkModes } from './check-modes.ts';
import type { MaintenanceContext } from './maintenance-context.ts';

const MIN_FREE_BYTES = 200 * 1024 * 1024;
const WRITABLE_BY_ALL = 0o002;
const PARALLEL = 16;

/** The journal, `state.json`, the files of tasks, and the folders that they are in. */
export async function checkFiles(context: MaintenanceContext): Promise<Finding[]> {
  const checks = [
    checkState,
    checkJournal,
    checkTaskFiles,
    checkQuarantine,
    checkFolders,
    checkLinks,
    checkModes,
    checkDisk,
  ];
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await check(context)));
  return findings;
}

async function checkState({ fs, layout, provenance }: MaintenanceContext): Promise<Finding[]> {
  const state = await readStateFile(fs, layout, provenance);
  if (state.kind === 'newer') {
    return [
      {
        code: 'schema-newer',
        what: `The store was written by a newer version (schema ${state.version}); it can only be read.`,
        advice: 'Update SystemPrompt Tasks.',
      },
    ];
  }
  if (state.kind !== 'foreign') return [];
  return [
    {
      code: 'state-unreadable',
      what: `state.json cannot be understood: ${state.reason}.`,
      advice:
        'The tasks are read without it; it is moved to quarantine and written again when the journal is compacted.',
      fix: async () => {
        await fs.mkdir(layout.quarantine, { recursive: true });
        await fs.rename(layout.stateFile, join(layout.quarantine, `${Date.now()}-state.json`));
      },
    },
  ];
}

async function checkJournal({ fs, layout }: MaintenanceContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  const names = (await namesIn(fs, layout.journal)).filter((name) => /^\d+\.jsonl$/.test(name)).sort();
  let unsealed: string | undefined;
  for (const name of names) {
    const file = join(layout.journal, name);
    // The last line may be in the middle of being written.
    const lines = (await fs.readFile(file, 'utf8')).split('\n').slice(0, -1);
    if (unsealed !== undefined && lines.some((line) => line.includes('"ops"'))) {
      findings.push({
        code: 'journal-missing-seal',
        what: `The journal continues in ${file}, but ${unsealed} before it has no end: later segments are not read.`,
        advice: 'Keep a copy of the journal folder, and put back the part that was cut off from a backup.',
      });
    }
    unsealed = lines.some((line) => /"seal":\s*\d/.test(line)) ? undefined : file;
    const bad = lines.filter((line) => line !== '' && !isObject(line)).length;
    if (bad === 0) continue;
    findings.push({
      code: 'journal-bad-line',
      what: `${bad} ${bad === 1 ? 'line' : 'lines'} of ${file} cannot be understood: torn by a crash, or edited manually.`,
      advice: 'They are skipped; no acknowledged change is torn. They are removed by the next compaction.',
    });
  }
  return findings;
}

async function checkTaskFiles({ fs, layout, provenance, view, rewrite }: MaintenanceContext): Promise<Finding[]> {
  const behind: string[] = [];
  const queue = [...view.all()].values();
  const work = async (): Promise<void> => {
    for (const task of queue) {
      try {
        const text = await fs.readFile(taskFile(layout, task.id), 'utf8');
        const kept = parseTaskText(text, provenance).record;
        // A later change is in the journal and soon in the file: check memory again.
        const now = view.byId(task.id);
        if (now !== undefined && !isDeepStrictEqual(kept, JSON.parse(JSON.stringify(now)))) behind.push(task.id);
      } catch (error) {
        if (!isMissing(error) && !(error instanceof SyntaxError)) throw error;
        if (view.byId(task.id) !== undefined) behind.push(task.id);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  if (behind.length === 0) return [];
  const numbers = behind.slice(0, 5).map((id) => `#${view.byId(id)?.number}`);
  return [
    {
      code: 'task-file-behind',
      what: `The files of ${behind.length} tasks (${numbers.join(', ')}${behind.length > 5 ? ', …' : ''}) are missing or differ from the journal.`,
      advice: 'The journal is right; the files are written again from it.',
      fix: () => rewrite(behind),
    },
  ];
}

async function checkQuarantine({ fs, layout }: MaintenanceContext): Promise<Finding[]> {
  const files = (await namesIn(fs, layout.quarantine)).filter((name) => !name.endsWith('.reason.txt'));
  if (files.length === 0) return [];
  return [
    {
      code: 'quarantine',
      what: `${files.length} ${files.length === 1 ? 'file' : 'files'} could not be understood and were moved to ${layout.quarantine}.`,
      advice: 'Read the reason beside each file. Correct the file and move it back, or delete it.',
      next: [operationStep('Delete old ones', 'gc')],
    },
  ];
}

async function checkFolders({ fs, layout }: MaintenanceContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const folder of [layout.root, layout.state, layout.journal, layout.tasks, layout.logs]) {
    const stat = await fs.stat(folder).catch(() => undefined);
    if (stat === undefined) continue;
    const writable = await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!writable) {
      findings.push({
        code: 'folder-not-writable',
        what: `${folder} cannot be written.`,
        advice: 'Give yourself the right to write it: chmod u+rwx.',
      });
    }
    if (process.platform === 'win32' || (stat.mode & WRITABLE_BY_ALL) === 0) continue;
    findings.push({
      code: 'folder-open-to-all',
      what: `Every user of this machine can write to ${folder}, and so control agents in your name.`,
      advice: `Take that right away: chmod o-w ${folder}.`,
      fix: async () => {
        const { chmod } = await import('node:fs/promises');
        // The settings in the first folder are for sharing; everything below is for the person alone.
        await chmod(folder, stat.mode & (folder === layout.root ? 0o7775 : 0o7700));
      },
    });
  }
  return findings;
}

async function checkDisk({ layout }: MaintenanceContext): Promise<Finding[]> {
  const disk = await statfs(layout.root).catch(() => undefined);
  const free = disk === undefined ? Number.POSITIVE_INFINITY : disk.bavail * disk.bsize;
  if (free >= MIN_FREE_BYTES) return [];
  return [
    {
      code: 'disk-nearly-full',
      what: `Only ${Math.round(free / 1024 / 1024)} MB are free on the disk of ${layout.root}.`,
      advice: 'Free disk space.',
      next: [operationStep('Show the disk space to free', 'gc')],
    },
  ];
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
