type Library = typeof import('../index.ts');

let loading: Promise<Library> | undefined;

/**
 * The library: store, operations, schemas, agents. It is a separate bundle that loads on first use, so that
 * activation reads only what draws the views. There is one copy of it, the one that other extensions get, too.
 */
export function library(): Promise<Library> {
  loading ??= import('../index.ts');
  return loading;
}
