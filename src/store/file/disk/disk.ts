import type { Logger } from '../../../core/logger.ts';
import type { FileSystem } from './file-system.ts';
import type { Layout } from './layout.ts';
import type { Provenance } from './provenance.ts';

/** The files, the layout and the services that every part of a store in files uses. */
export interface Disk {
  readonly fs: FileSystem;
  readonly layout: Layout;
  readonly logger: Logger;
  readonly provenance: Provenance;
  /** ISO 8601 UTC. */
  readonly now: () => string;
}
