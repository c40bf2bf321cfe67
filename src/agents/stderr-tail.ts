const LINES = 12;
const LINE_CHARS = 500;

/** The last lines of standard error. They never decide an outcome, but often explain it. */
export class StderrTail {
  private lines: string[] = [];

  add(line: string): void {
    const text = line.trimEnd().slice(0, LINE_CHARS);
    if (text === '') return;
    this.lines.push(text);
    if (this.lines.length > LINES) this.lines.shift();
  }

  get last(): string | undefined {
    return this.lines.at(-1);
  }

  /** `: last line` or an empty string, to end a sentence with. */
  get suffix(): string {
    return this.last === undefined ? '.' : `: ${this.last}`;
  }

  /** All stored lines; undefined without any. */
  get text(): string | undefined {
    return this.lines.length === 0 ? undefined : this.lines.join('\n');
  }
}
