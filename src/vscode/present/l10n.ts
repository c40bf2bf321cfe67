type Translate = (message: string, ...args: (string | number)[]) => string;

const english: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));

let translate = english;

/**
 * The editor's `l10n.t` for code that does not import the editor: what is shown of a task is computed by plain
 * functions, so that tests read it without a window. English until the extension binds it.
 */
export const l10n = {
  /** The message in the person's language; `{0}`, `{1}` … are replaced. Messages are literals: a test collects them. */
  t: (message: string, ...args: (string | number)[]): string => translate(message, ...args),
  bind(to: Translate): void {
    translate = to;
  },
};
