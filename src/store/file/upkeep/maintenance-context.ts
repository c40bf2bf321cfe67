import type { StoreView } from '../../journal/view.ts';
import type { ArchivedName } from '../../ports.ts';
import type { FileSystem } from '../disk/file-system.ts';
import type { Layout } from '../disk/layout.ts';
import type { Provenance } from '../disk/provenance.ts';

/** The files and services that maintenance uses. */
export interface MaintenanceContext {
  readonly fs: FileSystem;
  readonly layout: Layout;
  readonly provenance: Provenance;
  readonly view: StoreView;
  readonly archive: {
    names(): Promise<ArchivedName[]>;
    /** Files that wait for a transaction, or were left by one that never happened. */
    staged(): Promise<{ readonly id: string; readonly path: string }[]>;
    /** @returns false for a file that is no task */
    isReadable(name: ArchivedName): Promise<boolean>;
    path(name: ArchivedName): Promise<string>;
  };
  readonly logs: {
    /** Compresses the whole log of an ended task. @returns the bytes that this freed */
    compress(id: string): Promise<number>;
  };
  /** Writes the files of tasks again, durably. */
  readonly rewrite: (ids: readonly string[]) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
