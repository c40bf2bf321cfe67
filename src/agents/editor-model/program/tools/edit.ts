import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { type Place, placeOf } from './place.ts';
import { bytesOfText } from './read.ts';
import { definitionOf, type PreparedCall, type Tool, ToolError, textInput } from './tool.ts';

/** The worker gets the file before and after the change in one message, which has a limit. */
const MAX_BYTES = 4 << 20;

/** Replaces a text in a file, or creates a file. It always asks, with the change. */
export function editTool(cwd: string): Tool {
  return {
    definition: definitionOf(
      'edit_file',
      'Replace old_text, which must occur exactly once in the file, with new_text. An empty old_text creates a new file.',
      {
        path: { type: 'string', description: 'Path of the file, relative to the working folder.' },
        old_text: { type: 'string', description: 'Text to replace, with its exact white space.' },
        new_text: { type: 'string', description: 'The text in its place.' },
      },
      ['path', 'old_text', 'new_text'],
    ),
    async prepare(input) {
      const place = await placeOf(cwd, textInput(input, 'path'));
      const before = await currentText(place);
      const after = edited(before, textInput(input, 'old_text'), textInput(input, 'new_text'));
      return callOf(cwd, place, before, after);
    },
  };
}

function callOf(cwd: string, place: Place, before: string | undefined, after: string): PreparedCall {
  const { path } = place;
  const oldText = before === undefined ? {} : { oldText: before };
  return {
    shown: { title: path, kind: 'edit', files: [path], diff: { path, ...oldText, newText: after } },
    asks: true,
    async run() {
      // The file, or a link on the way to it, may have changed while a person decided.
      const now = await placeOf(cwd, path);
      if (now.real !== place.real || (await currentText(now)) !== before) {
        throw new ToolError('The file has changed since the call. Read it again.');
      }
      await write(place.real, before === undefined, after);
      return { text: before === undefined ? 'Created the file.' : 'Changed the file.' };
    },
  };
}

async function currentText({ real }: Place): Promise<string | undefined> {
  const found = await stat(real).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile()) throw new ToolError('This is not a regular file.');
  const bytes = await bytesOfText(real, MAX_BYTES);
  // Written back, each byte that is no UTF-8 would be another one.
  if (!isUtf8(bytes)) throw new ToolError('The file is no UTF-8 text. Change it with a command instead.');
  return bytes.toString('utf8');
}

function edited(before: string | undefined, oldText: string, newText: string): string {
  if (before === undefined) {
    if (oldText === '') return newText;
    throw new ToolError('There is no such file. An empty old_text creates it.');
  }
  if (oldText === '') {
    if (before === '') return newText;
    throw new ToolError('The file exists. Name the text to replace in old_text.');
  }
  const at = before.indexOf(oldText);
  if (at < 0) throw new ToolError('old_text does not occur in the file. Read it again.');
  if (before.indexOf(oldText, at + 1) >= 0) {
    throw new ToolError('old_text occurs more than once. Add lines around it until it is unique.');
  }
  return before.slice(0, at) + newText + before.slice(at + oldText.length);
}

async function write(path: string, isNew: boolean, text: string): Promise<void> {
  if (isNew) await makeFolder(dirname(path));
  const create = isNew ? constants.O_CREAT | constants.O_EXCL : constants.O_TRUNC;
  // The real path has no link; one that appears in the last moment is refused.
  const file = await open(path, constants.O_WRONLY | create | (constants.O_NOFOLLOW ?? 0), 0o666);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}
