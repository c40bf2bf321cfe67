export type Tint = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'cyan';

/** Colors a text, or returns it unchanged if color is disabled. Only for sanitized text. */
export type Style = (tint: Tint, text: string) => string;

const codes: Readonly<Record<Tint, readonly [open: number, close: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
};

export const plain: Style = (_tint, text) => text;

export const coloured: Style = (tint, text) => {
  const [open, close] = codes[tint];
  return text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`;
};

/** Color only in a terminal, unless the user disabled it (https://no-color.org). */
export function styleFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Style {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return plain;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return coloured;
  return stream.isTTY === true && env.TERM !== 'dumb' ? coloured : plain;
}
