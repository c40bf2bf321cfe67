import { open, readdir, stat } from 'node:fs/promises';
import { placeOf } from './place.ts';
import { countInput, definitionOf, type Tool, ToolError, type ToolOutput, textInput } from './tool.ts';

const LINES = 500;
const MAX_LINES = 5_000;
const MAX_CHARS = 200_000;
const MAX_BYTES = 32 << 20;
const MAX_NAMES = 1_000;

/** Reads a part of a file, or lists a folder. */
export function readTool(cwd: string): Tool {
  return {
    definition: definitionOf(
      'read_file',
      `Read a text file with line numbers, or list a folder. Reads ${LINES} lines unless limit says otherwise.`,
      {
        path: { type: 'string', description: 'Path of the file or folder, relative to the working folder.' },
        offset: { type: 'integer', description: 'First line. Default: 1.' },
        limit: { type: 'integer', description: 'Number of lines.' },
      },
      ['path'],
    ),
    async prepare(input) {
      const place = await placeOf(cwd, textInput(input, 'path'));
      const from = countInput(input, 'offset', 1, Number.MAX_SAFE_INTEGER);
      const limit = countInput(input, 'limit', LINES, MAX_LINES);
      return {
        shown: { title: place.path, kind: 'read', files: [place.path] },
        asks: !place.isOpen,
        run: () => read(place.real, from, limit),
      };
    },
  };
}

async function read(path: string, from: number, limit: number): Promise<ToolOutput> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new ToolError('There is no such file or folder.');
  if (found.isDirectory()) return { text: await listed(path) };
  if (!found.isFile()) throw new ToolError('This is not a regular file.');
  const lines = (await bytesOfText(path)).toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const shown = lines.slice(from - 1, from - 1 + limit);
  const text = shown.map((line, index) => `${from + index}\t${line}`).join('\n');
  const rest = lines.length - (from - 1) - shown.length;
  const cut = text.length > MAX_CHARS ? `\n[${text.length - MAX_CHARS} characters left out]` : '';
  const more = rest > 0 ? `\n[${rest} more lines]` : '';
  return { text: text === '' ? '[no lines]' : `${text.slice(0, MAX_CHARS)}${cut}${more}` };
}

/** @throws ToolError for a binary file, and for one that is too large */
export async function bytesOfText(path: string, most = MAX_BYTES): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > most) throw new ToolError(`The file is larger than ${most >> 20} MiB. Use a command instead.`);
    const bytes = await file.readFile();
    if (bytes.includes(0)) throw new ToolError('This is a binary file.');
    return bytes;
  } finally {
    await file.close();
  }
}

async function listed(path: string): Promise<string> {
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`).sort();
  const more = names.length > MAX_NAMES ? `\n[${names.length - MAX_NAMES} more]` : '';
  return names.length === 0 ? '[empty folder]' : names.slice(0, MAX_NAMES).join('\n') + more;
}
