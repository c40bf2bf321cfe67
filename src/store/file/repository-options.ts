import type { Logger } from '../../core/logger.ts';
import type { LogLimits } from '../logs/limits.ts';
import type { FileSystem } from './disk/file-system.ts';

/** The options of the file repository of a folder. */
export interface FileRepositoryOptions {
  /** The workspace folder, absolute. */
  readonly folder: string;
  readonly logger: Logger;
  /** Whether changes of other processes are noticed without asking; on for faces that stay, off for one command. */
  readonly watch: boolean;
  /** True for a folder that is not trusted: its files are read, and nothing is written. */
  readonly restricted?: boolean | undefined;
  readonly fs?: FileSystem;
  readonly now?: () => string;
  /** Bytes of journal after which it is compacted, even under load. */
  readonly compactAt?: number;
  /** Limits on the size of a log, and of its uncompressed part. */
  readonly logLimits?: LogLimits | undefined;
  /** Called when a store is made where there was none, before the first change is kept. */
  readonly onMade?: (() => Promise<void>) | undefined;
}
