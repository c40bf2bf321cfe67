import type { NextStep } from '../core/next-step.ts';
/** A part of a store's files, to explain disk use. */
export const storeAreas = ['journal', 'tasks', 'logs', 'archive', 'quarantine', 'backups', 'other'] as const;
export type StoreArea = (typeof storeAreas)[number];

export interface AreaSize {
  readonly files: number;
  readonly bytes: number;
}

export interface StoreSizes {
  readonly areas: Readonly<Record<StoreArea, AreaSize>>;
  /** True when large folders were measured by a sample. */
  readonly estimated: boolean;
}

export type GarbageKind = 'log' | 'orphan-log' | 'quarantine' | 'backup' | 'leftover';

/** A file or folder that can be deleted or compressed to free space. */
export interface Garbage {
  readonly kind: GarbageKind;
  /** Description for a person. */
  readonly what: string;
  /** Bytes to free; an estimate for compressed files. */
  readonly bytes: number;
  /** @returns the bytes that it did free */
  free(): Promise<number>;
}

/** Something that is not as it should be. */
export interface Finding {
  /** For programs: `journal-bad-line`. */
  readonly code: string;
  /** The fault, in a sentence. */
  readonly what: string;
  /** The remedy, in a sentence. */
  readonly advice: string;
  /** Operations that help. */
  readonly next?: readonly NextStep[];
  /** Repairs the problem; missing if only a person can. */
  fix?(): Promise<void>;
}

/** Maintenance of a store on this machine's disk. */
export interface Maintenance {
  sizes(): Promise<StoreSizes>;
  /** Files that could be freed. Quarantine and backups count once they are older than this number of days. */
  garbage(olderThanDays: number): Promise<Garbage[]>;
  /** Names of the invalid files that were moved to quarantine. */
  quarantined(): Promise<string[]>;
  /** The file of a task, absolute. The store writes it a moment after the change. */
  taskFile(id: string): string;
  /**
   * Restores tasks that the store lacks from the copy outside of the work tree. None of them is queued.
   *
   * @returns their numbers
   */
  restoreCopy(): Promise<number[]>;
  /** Checks everything without a change. */
  check(): Promise<Finding[]>;
}
