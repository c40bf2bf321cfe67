/** The clock of a file system moves in steps: a file that changes twice in one step looks unchanged. */
const STEP_MS = 20;
/** For file systems that store whole seconds. */
const COARSE_STEP_MS = 2_100;

/** Whether a time of a file is so old at a moment that the file system would give a later change another time. */
export function isPastStep(fileMs: number, momentMs: number): boolean {
  return fileMs + (fileMs % 1_000 === 0 ? COARSE_STEP_MS : STEP_MS) < momentMs;
}
