import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleRecords, writeSampleStore } from '../samples.ts';
import { mustRun, runProgram } from './command.ts';
import { peerProgram, peerVersion } from './install.ts';

/** A program that keeps tasks in a folder, and how it is asked for the same things. */
export interface Tool {
  readonly name: string;
  /** Makes an empty folder its own. */
  init(folder: string): Promise<void>;
  create(title: string): readonly string[];
  readonly list: readonly string[];
  /** Names the next task; without such a command, the list in which a person would look for it. */
  readonly next: readonly string[];
  /** Adds this number of tasks to a folder that it has initialised, in its own format. */
  fill(folder: string, count: number): Promise<void>;
  /** The number of tasks, by their titles: an overwritten task, or one that shares its id, does not count. */
  titles(folder: string): Promise<readonly string[]>;
}

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.cjs');
const description = 'Find the cause, fix it, and add a test that fails without the change.';
const git = ['git', 'init', '-q', '.'];

export function ourTool(): Tool {
  const program = [process.execPath, cli];
  return {
    name: 'systemprompt',
    init: async (folder) => {
      await mustRun(git, folder);
    },
    create: (title) => [...program, 'task', 'create', title, '--description', description],
    list: [...program, 'task', 'list'],
    next: [...program, 'task', 'list', '--status', 'pending', '--sort=-priority', '--limit', '1'],
    fill: async (folder, count) => writeSampleStore(folder, sampleRecords(count)),
    titles: async (folder) => {
      const { output } = await runProgram([...program, 'task', 'list', '--json'], folder);
      const { tasks } = JSON.parse(output) as { tasks: { title: string; number: number }[] };
      return distinct(tasks.map(({ number, title }) => [String(number), title]));
    },
  };
}

export function backlog(): Tool {
  const program = peerProgram('backlog');
  const tasks = (folder: string): string => join(folder, 'backlog', 'tasks');
  return {
    name: `backlog.md ${peerVersion('backlog.md')}`,
    init: async (folder) => {
      await mustRun(git, folder);
      await mustRun([program, 'init', 'bench', '--defaults', '--integration-mode', 'none'], folder);
    },
    create: (title) => [program, 'task', 'create', title, '--description', description, '--plain'],
    list: [program, 'task', 'list', '--plain'],
    next: [program, 'task', 'list', '--status', 'To Do', '--sort', 'priority', '--plain'],
    fill: async (folder, count) => {
      await mustRun([program, 'task', 'create', 'task 1', '--description', description, '--plain'], folder);
      const [first = ''] = readdirSync(tasks(folder));
      const text = readFileSync(join(tasks(folder), first), 'utf8');
      for (let i = 2; i <= count; i += 1) {
        const own = text.replace(/TASK-1\b/g, `TASK-${i}`).replace(/task 1\b/g, `task ${i}`);
        writeFileSync(join(tasks(folder), `task-${i} - task-${i}.md`), own);
      }
    },
    titles: async (folder) => {
      const texts = readdirSync(tasks(folder)).map((name) => readFileSync(join(tasks(folder), name), 'utf8'));
      return distinct(texts.map((text) => [field(text, 'id'), field(text, 'title')]));
    },
  };
}

export function taskMaster(): Tool {
  const program = peerProgram('task-master');
  const file = (folder: string): string => join(folder, '.taskmaster', 'tasks', 'tasks.json');
  const write = (folder: string, tasks: readonly object[]): void => {
    mkdirSync(join(folder, '.taskmaster', 'tasks'), { recursive: true });
    const metadata = { created: '2025-01-01T00:00:00.000Z', updated: '2025-01-01T00:00:00.000Z', description: 'bench' };
    writeFileSync(file(folder), JSON.stringify({ master: { tasks, metadata } }, null, 2));
  };
  return {
    name: `task-master-ai ${peerVersion('task-master-ai')}`,
    init: async (folder) => {
      await mustRun(git, folder);
      await mustRun([program, 'init', '--yes'], folder);
      // Its first file comes from a model that reads a specification; without one it is written here.
      write(folder, []);
    },
    // With a title and a description it asks no model.
    create: (title) => [program, 'add-task', `--title=${title}`, `--description=${description}`, '--details=none'],
    list: [program, 'list'],
    next: [program, 'next'],
    fill: async (folder, count) => {
      const task = (_: unknown, i: number) => ({
        id: i + 1,
        title: `task ${i + 1}`,
        description,
        details: 'none',
        testStrategy: '',
        status: 'pending',
        dependencies: [],
        priority: 'medium',
        subtasks: [],
      });
      write(folder, Array.from({ length: count }, task));
    },
    titles: async (folder) => {
      const { master } = JSON.parse(readFileSync(file(folder), 'utf8')) as {
        master: { tasks: { id: number; title: string }[] };
      };
      return distinct(master.tasks.map(({ id, title }) => [String(id), title]));
    },
  };
}

/** Titles of tasks that have an id of their own. */
function distinct(tasks: readonly (readonly [string, string])[]): string[] {
  return [...new Map(tasks).values()];
}

function field(text: string, name: string): string {
  return new RegExp(`^${name}: *['"]?(.*?)['"]?$`, 'm').exec(text)?.[1] ?? '';
}
