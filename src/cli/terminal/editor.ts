import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';

/** A text after a person has edited it. */
export interface Edited {
  readonly text: string;
  readonly file: string;
  /** Removes the file. Without it the text survives an error that follows. */
  discard(): Promise<void>;
}

/**
 * Lets the person edit a text in `$VISUAL` or `$EDITOR` (else `vi`; `notepad` on Windows), and waits for its end.
 *
 * @throws TaskError `InvalidInput` if the editor cannot start or reports a failure, or if no editor is named and there is
 *   no terminal for the default one
 */
export async function editText(text: string, name: string, env: NodeJS.ProcessEnv): Promise<Edited> {
  const editor = env.VISUAL || env.EDITOR || defaultEditor();
  // A private folder with mode 0700: the text may be confidential, and other users can create names in the shared one.
  const folder = await mkdtemp(join(tmpdir(), 'systemprompt-'));
  const file = join(folder, name);
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true });
  await writeFile(file, text, { mode: 0o600 });
  try {
    await runEditor(editor, file, env);
    return { text: await readFile(file, 'utf8'), file, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

function defaultEditor(): string {
  if (process.platform === 'win32') return 'notepad';
  if (process.stdin.isTTY && process.stdout.isTTY) return 'vi';
  throw new TaskError('InvalidInput', 'There is no terminal to edit the text in, and EDITOR names no editor.', {
    next: [
      textStep('Set EDITOR to the command of your editor, for example "code --wait".'),
      textStep('Or give the values as options: "systemprompt task update --help" and "task create --help" list them.'),
    ],
  });
}

/** As git does: the value is a command line of the shell, so that it may have arguments. */
function runEditor(editor: string, file: string, env: NodeJS.ProcessEnv): Promise<void> {
  const windows = process.platform === 'win32';
  const child = windows
    ? spawn(`${editor} "${file}"`, { stdio: 'inherit', env, shell: true })
    : spawn('/bin/sh', ['-c', `${editor} "$@"`, editor, file], { stdio: 'inherit', env });
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(refusal(editor, cause.message, cause)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(refusal(editor, signal ?? `exit code ${code}`));
    });
  });
}

function refusal(editor: string, why: string, cause?: unknown): TaskError {
  return new TaskError('InvalidInput', `The editor "${editor}" failed (${why}). Nothing was changed.`, {
    next: [textStep('Set EDITOR to the command of your editor, for example "code --wait".')],
    cause,
  });
}
