import type { z } from 'zod';

/**
 * A schema that is built on first use. The build puts it around each schema that a module defines at its top level
 * (`esbuild.js`), so the source does without.
 */
export function deferredSchema<S extends z.ZodType>(build: () => S): S {
  let schema: S | undefined;
  const built = (): S => {
    schema ??= build();
    return schema;
  };
  return new Proxy({} as S, {
    get: (_, key) => Reflect.get(built(), key),
    has: (_, key) => Reflect.has(built(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(built()),
    ownKeys: () => Reflect.ownKeys(built()),
    getOwnPropertyDescriptor: (_, key) => {
      const found = Reflect.getOwnPropertyDescriptor(built(), key);
      return found && { ...found, configurable: true };
    },
  });
}
