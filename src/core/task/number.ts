/** As many digits as a person types for a task, and far below where counting loses its precision. */
export const MAX_TASK_NUMBER = 999_999_999;

export function isTaskNumber(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_TASK_NUMBER;
}
