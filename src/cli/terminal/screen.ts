/** The whole terminal, until it is closed. Lines must be safe to show and not wider than the terminal. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  draw(lines: readonly string[]): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

/** A key: a character, or `up`, `down`, `enter`, `escape`, `interrupt`. */
export type Key = string;

const keys: Readonly<Record<string, Key>> = {
  '\u001b[A': 'up',
  '\u001b[B': 'down',
  '\r': 'enter',
  '\u001b': 'escape',
  '\u0003': 'interrupt',
};

/** Takes the terminal's alternate screen. Undefined if input or output is no terminal. */
export function takeScreen(
  { stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>,
  on: { readonly key: (key: Key) => void; readonly resized: () => void },
): Screen | undefined {
  if (stdin.isTTY !== true || stdout.isTTY !== true) return undefined;
  const pressed = (data: Buffer): void => {
    const text = data.toString('utf8');
    on.key(keys[text] ?? text);
  };
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on('data', pressed);
  stdout.on('resize', on.resized);
  stdout.write('\u001b[?1049h\u001b[?25l');
  return {
    get columns() {
      return stdout.columns ?? 80;
    },
    get rows() {
      return stdout.rows ?? 24;
    },
    draw(lines) {
      const shown = lines.slice(0, stdout.rows ?? 24);
      stdout.write(`\u001b[H${shown.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`);
    },
    close() {
      stdout.off('resize', on.resized);
      stdin.off('data', pressed);
      stdin.setRawMode(false);
      stdin.pause();
      stdout.write('\u001b[?25h\u001b[?1049l');
    },
  };
}
