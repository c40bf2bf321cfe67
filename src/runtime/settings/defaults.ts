/** Default number of concurrent tasks in a folder. */
export const MAX_PARALLEL = 2;

const SESSION_IDLE_MINUTES = 10;

/** Milliseconds for which an open session waits for a follow-up without a setting. */
export const SESSION_IDLE_MS = SESSION_IDLE_MINUTES * 60_000;

/** Milliseconds for which an open session waits for a follow-up. */
export function idleMsOf({
  worker,
}: {
  readonly worker?: { readonly sessionIdleMinutes?: number | undefined } | undefined;
}): number {
  return (worker?.sessionIdleMinutes ?? SESSION_IDLE_MINUTES) * 60_000;
}
