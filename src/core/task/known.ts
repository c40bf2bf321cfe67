/**
 * A type without index signatures, at every depth, so that a misspelled key does not compile. A pure index signature
 * remains.
 */
export type Known<T> = unknown extends T
  ? T
  : T extends string | number | boolean | bigint | symbol | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? T extends Item[]
        ? Known<Item>[]
        : readonly Known<Item>[]
      : [keyof Declared<T>] extends [never]
        ? T
        : { [K in keyof Declared<T>]: Known<Declared<T>[K]> };

type Declared<T> = { [K in keyof T as string extends K ? never : number extends K ? never : K]: T[K] };
