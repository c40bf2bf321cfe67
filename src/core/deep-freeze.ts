/**
 * Freezes a value and everything in it. A part that is frozen already is skipped, so records that share parts are cheap
 * to freeze.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
  return value;
}
