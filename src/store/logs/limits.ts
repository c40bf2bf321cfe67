/** How much of a log is kept plain; the rest is compressed. */
export interface LogLimits {
  /** Bytes after which the file that is appended to becomes an ended part. */
  readonly partBytes: number;
  /** Bytes of plain text per log. */
  readonly capBytes: number;
  /** A part is compressed this long after it was last written to: somebody may still be at it. */
  readonly settleMs: number;
}
