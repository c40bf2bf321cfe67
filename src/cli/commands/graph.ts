import { writeFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import type { GraphFormat } from '../../core/graph/draw.ts';
import { shellStep, textStep } from '../../core/next-step.ts';
import { parseInput } from '../../core/task/create.ts';
import { sanitizeLine } from '../../core/text/sanitize.ts';
import { taskGraph } from '../../operations/graph/graph.ts';
import { taskValidateDependencies } from '../../operations/graph/validate-dependencies.ts';
import { runOperation } from '../../operations/operation.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { flagsOf, textFlag } from '../flags.ts';
import { commandLine } from '../views/next-step.ts';

/** By the ending of a file's name. */
const formats: Readonly<Record<string, GraphFormat>> = {
  '.txt': 'text',
  '.mmd': 'mermaid',
  '.dot': 'dot',
  '.gv': 'dot',
  '.svg': 'svg',
  '.png': 'png',
};

/** Its exit code is its answer, as that of `doctor`. */
export const validate: Command = {
  details: `Finds cycles, and tasks with a failed, cancelled or deleted dependency.
Exits with 0 if there are none, and with 1 otherwise.`,
  examples: [{ words: 'task validate-dependencies --project Shop', description: 'check the tasks of a project' }],
  flags: flagsOf(taskValidateDependencies.input),
  positional: [],
  json: '`{ valid, tasks, dependencies, circles, lost }`; a cycle in `circles` is a list of `{ number, title }`, a task in `lost` lists its failed dependencies in `on`',
  reads: true,
  async run({ host: open, out, json, values }) {
    const input = parseInput(taskValidateDependencies.input, values);
    const report = await runOperation(taskValidateDependencies, await open(), input);
    if (json) out.json(report);
    else {
      for (const circle of report.circles) {
        const [first] = circle;
        const way = [...circle, ...(first === undefined ? [] : [first])].map(({ number }) => `#${number}`).join(' → ');
        out.print(`${out.style('yellow', 'circle')}  ${way}`);
        out.print(`  ${out.style('dim', `Break it: systemprompt task remove-dependency ${pair(circle)}`)}`);
      }
      for (const { number, title, on } of report.lost) {
        out.print(`${out.style('yellow', 'stuck')}  #${number} ${sanitizeLine(title)}`);
        for (const other of on) {
          const name = other.number === null ? other.id : `#${other.number} ${sanitizeLine(other.title ?? '')}`;
          out.print(`  waits for ${name}, which ${other.status === 'failed' ? 'failed' : `was ${other.status}`}`);
          const removal = `systemprompt task remove-dependency ${number} ${other.number ?? other.id}`;
          out.print(`  ${out.style('dim', `To continue without it: ${removal}`)}`);
        }
      }
      if (report.valid)
        out.print(
          `No problems: ${count(report.tasks, 'task', 'tasks')}, ${count(report.dependencies, 'dependency', 'dependencies')}.`,
        );
    }
    return report.valid ? exitCodes.done : exitCodes.failed;
  },
};

export const graph: Command = {
  details: `Formats: text, Mermaid, DOT for Graphviz, SVG, PNG. With --output, the file extension selects the format: .txt, .mmd,
.dot or .gv, .svg, .png. An existing file is replaced.`,
  examples: [
    { words: 'task graph --project Shop', description: 'print the graph in execution order' },
    { words: 'task graph --output deps.png', description: 'write a PNG file' },
  ],
  flags: [...flagsOf(taskGraph.input), textFlag('output', 'Write the graph to this file.', 'file')],
  positional: [],
  json: '`{ format, graph, tasks, dependencies, alone }`; `graph` is the drawing, a PNG in base64. With --output, `{ file }` replaces it',
  reads: true,
  async run({ host: open, out, json, values }) {
    const { output, ...rest } = values;
    const file = typeof output === 'string' ? resolve(output) : undefined;
    const wanted = file === undefined ? rest : { ...rest, format: formatOf(file, rest['format']) };
    const input = parseInput(taskGraph.input, wanted);
    if (input.format === 'png' && file === undefined && !json) throw needsFile();
    const { graph: drawing, ...facts } = await runOperation(taskGraph, await open(), input);
    if (facts.warning !== undefined) out.note(facts.warning);
    if (file !== undefined)
      await writeTo(file, facts.format === 'png' ? Buffer.from(drawing, 'base64') : `${drawing}\n`);
    if (json) out.json(file === undefined ? { ...facts, graph: drawing } : { ...facts, file });
    else if (file !== undefined) out.print(`Wrote ${sanitizeLine(file)}: ${count(facts.tasks, 'task', 'tasks')}.`);
    else out.print(drawing === '' ? 'There are no tasks.' : drawing);
    return exitCodes.done;
  },
};

/** @throws TaskError `InvalidInput` for an unknown extension, or one that contradicts --format */
function formatOf(file: string, wanted: unknown): GraphFormat {
  const extension = extname(file).toLowerCase();
  const format = formats[extension];
  if (format !== undefined && wanted !== undefined && wanted !== format) {
    throw new TaskError('InvalidInput', `--format ${wanted} contradicts the extension of "${sanitizeLine(file)}".`, {
      next: [textStep(`Leave out --format, or end the name with an extension of ${wanted}.`)],
    });
  }
  if (format !== undefined) return format;
  throw new TaskError('InvalidInput', `No format has the extension of "${sanitizeLine(basename(file))}".`, {
    next: [textStep(`End the name with one of ${Object.keys(formats).join(', ')}.`)],
  });
}

/** A terminal shows no image. */
function needsFile(): TaskError {
  return new TaskError('InvalidInput', 'A PNG needs a file.', {
    next: [
      // The file is an option of the command line, not of the operation.
      shellStep('Write it to a file', `${commandLine({ operation: 'task.graph', input: {} })} --output deps.png`),
    ],
  });
}

async function writeTo(file: string, drawing: string | Buffer): Promise<void> {
  try {
    await writeFile(file, drawing);
  } catch (error) {
    throw new TaskError('InvalidInput', `${sanitizeLine(file)} cannot be written: ${(error as Error).message}`, {
      next: [textStep('Name a file in an existing folder.')],
    });
  }
}

/** The first task of a cycle with its dependency. */
function pair(circle: readonly { readonly number: number }[]): string {
  const [first, second = first] = circle;
  return `${first?.number ?? ''} ${second?.number ?? ''}`;
}

function count(amount: number, one: string, several: string): string {
  return `${amount} ${amount === 1 ? one : several}`;
}
