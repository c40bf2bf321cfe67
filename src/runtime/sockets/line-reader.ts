import { StringDecoder } from 'node:string_decoder';

/** Splits a stream into lines. */
export class LineReader {
  private readonly decoder = new StringDecoder('utf8');
  private readonly line: (line: string) => void;
  private readonly maxChars: number;
  private parts: string[] = [];
  private chars = 0;

  /** @param maxChars of one line */
  constructor(line: (line: string) => void, maxChars: number) {
    this.line = line;
    this.maxChars = maxChars;
  }

  /** False once a line is too long: the connection cannot continue. */
  push(chunk: Buffer): boolean {
    const [first = '', ...more] = this.decoder.write(chunk).split('\n');
    this.take(first);
    for (const next of more) {
      if (this.chars > this.maxChars) return false;
      const whole = this.parts.join('');
      this.parts = [];
      this.chars = 0;
      if (whole !== '') this.line(whole);
      this.take(next);
    }
    return this.chars <= this.maxChars;
  }

  private take(text: string): void {
    this.parts.push(text);
    this.chars += text.length;
  }
}
