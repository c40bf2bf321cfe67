type Translate = (message: string, ...args: (string | number)[]) => string;

const english: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));

let translate = english;

/**
 * The editor's `l10n.t` for code without an import of the editor: plain functions compute the texts of a task, so that
 * tests need no window. English until the extension binds it.
 */
export const l10n = {
  /** The message in the person's language; `{0}`, `{1}` … are replaced. Messages are literals: a test collects them. */
  t: (message: string, ...args: (string | number)[]): string => translate(message, ...args),
  bind(to: Translate): void {
    translate = to;
  },
};
