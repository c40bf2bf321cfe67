/** The position of work that consists of several steps. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** The current step, in a few words. */
  readonly message: string;
  /** Number of the task in which the step runs. */
  readonly task?: number;
}

/** Reports the progress of work with several steps, and stops it between two steps. */
export interface StepOptions {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((progress: Progress) => void) | undefined;
}

/** The position at which the caller stopped the work. */
export interface Stopped {
  /** Completed steps; their effects stay. */
  readonly done: number;
  readonly total: number;
}

/**
 * Takes the steps in order until the signal aborts. An interrupt also reaches the program that a step has started, so
 * a step that fails after the signal counts as not done.
 *
 * @returns null if every step was taken
 */
export async function takeSteps<T>(
  items: readonly T[],
  { signal, progress }: StepOptions,
  { message, take }: { readonly message: (item: T) => string; readonly take: (item: T) => Promise<void> },
): Promise<Stopped | null> {
  const total = items.length;
  for (const [done, item] of items.entries()) {
    if (isAborted(signal)) return { done, total };
    progress?.({ done, total, message: message(item) });
    try {
      await take(item);
    } catch (error) {
      if (isAborted(signal)) return { done, total };
      throw error;
    }
  }
  return null;
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
