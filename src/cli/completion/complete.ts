import { openHost } from '../../host.ts';
import { workspaceFolder } from '../folder.ts';
import type { Output } from '../terminal/output.ts';
import { candidatesFor, type TaskNames } from './candidates.ts';

const SHOWN = 200;

/** The parts of the environment of a call. */
interface Environment {
  readonly cwd: string;
  readonly out: Output;
  readonly program: { readonly command: string; readonly args: readonly string[] };
}

/** Prints the candidates for a shell. Quiet about every error: a shell shows no message while a person types. */
export async function complete(words: readonly string[], { cwd, out, program }: Environment): Promise<void> {
  const tasks: TaskNames = async () => {
    const host = await openHost({
      folder: workspaceFolder(cwd, textAfter(words, '-C', '--directory')),
      storeAddress: textAfter(words, '--store'),
      actor: 'reader',
      workerCommand: program,
      watch: false,
      recovers: false,
    });
    try {
      await host.store.refresh();
      return [...host.store.view.all()].sort((a, b) => b.number - a.number).slice(0, SHOWN);
    } finally {
      await host.close();
    }
  };
  const found = await candidatesFor(words, tasks).catch(() => []);
  if (found.length > 0) out.print(found.map(({ word, text }) => (text === '' ? word : `${word}\t${text}`)).join('\n'));
}

function textAfter(words: readonly string[], ...flags: readonly string[]): string | undefined {
  const at = words.findIndex((word) => flags.includes(word));
  return at < 0 ? undefined : words[at + 1];
}
