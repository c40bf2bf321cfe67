import * as z from 'zod/mini';

/** Defines every message between one page and its host. Both sides parse received messages with these schemas. */
export interface Protocol {
  /** Questions of the page, each with one reply. */
  readonly requests: Readonly<Record<string, { readonly input: z.ZodMiniType; readonly output: z.ZodMiniType }>>;
  /** Messages of the host that expect no reply. */
  readonly events: Readonly<Record<string, z.ZodMiniType>>;
}

export type RequestName<P extends Protocol> = keyof P['requests'] & string;
export type EventName<P extends Protocol> = keyof P['events'] & string;
export type InputOf<P extends Protocol, N extends RequestName<P>> = z.output<P['requests'][N]['input']>;
export type OutputOf<P extends Protocol, N extends RequestName<P>> = z.output<P['requests'][N]['output']>;
export type EventData<P extends Protocol, N extends EventName<P>> = z.output<P['events'][N]>;

/** A question of the page, before its input is parsed. */
export const requestSchema = z.strictObject({
  kind: z.literal('request'),
  id: z.int(),
  name: z.string().check(z.maxLength(100)),
  input: z.unknown(),
});

/** A message of the host before its content is parsed. `failed` contains the sentences for a person. */
export const hostMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reply'), id: z.int(), output: z.unknown() }),
  z.strictObject({ kind: z.literal('failed'), id: z.int(), message: z.string() }),
  z.strictObject({ kind: z.literal('event'), name: z.string(), data: z.unknown() }),
]);

export type PageRequest = z.output<typeof requestSchema>;
export type HostMessage = z.output<typeof hostMessageSchema>;
