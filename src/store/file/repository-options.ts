import type { Logger } from '../../core/logger.ts';
import type { LogLimits } from '../logs/limits.ts';
import type { FileSystem } from './disk/file-system.ts';

/** The options of the file repository of a folder. */
export interface FileRepositoryOptions {
  /** The workspace folder, absolute. */
  readonly folder: string;
  readonly logger: Logger;
  /**
   * Whether changes of other processes are detected automatically; on for long-running faces, off for a single command.
   */
  readonly watch: boolean;
  /** True for an untrusted folder: its files are read, and never written. */
  readonly restricted?: boolean | undefined;
  readonly fs?: FileSystem;
  readonly now?: () => string;
  /** Bytes of journal after which it is compacted, even under load. */
  readonly compactAt?: number;
  /** Limits on the size of a log, and of its uncompressed part. */
  readonly logLimits?: LogLimits | undefined;
  /** The folder for copies of the tasks of stores outside of a repository; by default one of the account. */
  readonly copies?: string | undefined;
  /** Called when a new store is created, before the first change is stored. */
  readonly onMade?: (() => Promise<void>) | undefined;
}
