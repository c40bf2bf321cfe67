/** As many digits as a person types for a task, and far below where counting loses its precision. */
export const MAX_TASK_NUMBER = 999_999_999;

export function isTaskNumber(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_TASK_NUMBER;
}

/** A larger number is the choice of a person or another program, which numbering does not continue after. */
export const LAST_COUNTED = 899_999_999;

/** The number of the next task beside one with this number. @param next the number of the next task without it */
export function nextBeside(number: number, next: number): number {
  return number > LAST_COUNTED ? next : Math.max(next, number + 1);
}

/** Whether numbering may continue with this number. */
export function isCounted(next: number): boolean {
  return isTaskNumber(next) && next <= LAST_COUNTED + 1;
}
