import { createInterface } from 'node:readline';

/** Asks a person at a terminal. */
export interface Asker {
  /** The answer without surrounding blanks; undefined at the end of the input. */
  ask(question: string): Promise<string | undefined>;
  close(): void;
}

/** Asks on stderr, so that stdout stays the result. */
export function terminalAsker({ stdin, stderr }: Pick<NodeJS.Process, 'stdin' | 'stderr'>): Asker {
  const lines = createInterface({ input: stdin, output: stderr });
  // Unlike `question`, the iterator keeps lines that arrive before they are asked for.
  const answers = lines[Symbol.asyncIterator]();
  let closed = false;
  lines.once('close', () => {
    closed = true;
  });
  return {
    async ask(question) {
      // The input may have ended while lines of it wait to be read.
      if (closed) stderr.write(question);
      else {
        lines.setPrompt(question);
        lines.prompt();
      }
      const { done, value } = await answers.next();
      return done === true ? undefined : value.trim();
    },
    close: () => lines.close(),
  };
}
