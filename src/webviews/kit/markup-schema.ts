import * as z from 'zod/mini';

const tags = [
  'p',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'li',
  'strong',
  'em',
  'del',
  'code',
  'pre',
  'blockquote',
  'a',
  'hr',
  'br',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
] as const;

/** An element of a formatted text. The page draws only these tags, so that no text can bring its own HTML. */
export interface MarkupNode {
  readonly tag: (typeof tags)[number];
  /** The address of a link. */
  readonly href?: string | undefined;
  readonly children: readonly Markup[];
}

export type Markup = string | MarkupNode;

export const markupSchema: z.ZodMiniType<Markup> = z.union([
  z.string(),
  z.object({
    tag: z.enum(tags),
    href: z.optional(z.string().check(z.regex(/^https?:\/\//))),
    children: z.array(z.lazy(() => markupSchema)),
  }),
]);
