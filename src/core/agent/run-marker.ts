/**
 * The environment variable that every process of a run inherits. It finds those that left the run's process group (a
 * shell tool that starts each command in its own session), also after their parent is gone. The starter of a process
 * that must outlive the run, such as a background worker, removes it from that process's environment.
 */
export const RUN_MARKER = 'SYSTEMPROMPT_RUN';

/**
 * The variable's value for a process of a run. `nonce` distinguishes the runs of one task; `outer` is the enclosing
 * run.
 */
export function runMarker(taskId: string, nonce: string, outer?: string | undefined): string {
  const marker = `${encodeURIComponent(taskId)}:${nonce}`;
  return outer === undefined || outer === '' ? marker : `${outer},${marker}`;
}

/** The nonces of the task's runs that a variable's value names. */
export function noncesOf(value: string, taskId: string): string[] {
  const prefix = `${encodeURIComponent(taskId)}:`;
  return value.split(',').flatMap((marker) => (marker.startsWith(prefix) ? [marker.slice(prefix.length)] : []));
}

/** True if the variable's value marks a process of a run of the task, or of the run `nonce` if given. */
export function isOfRun(value: string, taskId: string, nonce?: string | undefined): boolean {
  const prefix = `${encodeURIComponent(taskId)}:`;
  return value
    .split(',')
    .some((marker) => (nonce === undefined ? marker.startsWith(prefix) : marker === prefix + nonce));
}
