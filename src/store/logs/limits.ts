/** Limits on the size of a log, and of its uncompressed part. */
export interface LogLimits {
  /** Bytes after which the file that is appended to becomes an ended part. */
  readonly partBytes: number;
  /** Bytes of plain text per log. */
  readonly capBytes: number;
  /** Bytes on disk per log, of everything that belongs to it. The oldest lines beyond it are dropped. */
  readonly maxBytes: number;
  /** A part is compressed this long after its last write, because a writer may still append to it. */
  readonly settleMs: number;
}
