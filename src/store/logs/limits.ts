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

/** Part of a log that is compressed and read as a whole when it is compressed. */
const PART_BYTES = 8 * 1024 * 1024;
/** Plain text to keep of one log; older parts are compressed. */
const DEFAULT_LOG_CAP = 256 * 1024 * 1024;
/** Bytes on disk of one log; the oldest lines beyond it are dropped. */
const DEFAULT_LOG_MAX = 1_000_000_000;

export const defaultLogLimits: LogLimits = {
  partBytes: PART_BYTES,
  capBytes: DEFAULT_LOG_CAP,
  maxBytes: DEFAULT_LOG_MAX,
  settleMs: 2_000,
};
