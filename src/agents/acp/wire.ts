/**
 * Readers for agent messages. No message is trusted to follow the protocol: a value of another shape counts as absent.
 */

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A non-negative finite number. */
export function amountOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** The words of a content block: text itself, anything else by its kind and name. */
export function contentText(block: unknown): string {
  const fields = fieldsOf(block);
  if (fields?.type === 'text') return typeof fields.text === 'string' ? fields.text : '';
  if (fields?.type === 'resource_link')
    return `[${textOf(fields.title) ?? textOf(fields.name) ?? 'link'}: ${textOf(fields.uri) ?? '?'}]`;
  if (fields?.type === 'resource') {
    const resource = fieldsOf(fields.resource);
    return textOf(resource?.text) ?? `[resource: ${textOf(resource?.uri) ?? '?'}]`;
  }
  return fields === undefined ? '' : `[${textOf(fields.type) ?? 'content'}${mimeOf(fields)}]`;
}

function mimeOf(fields: Fields): string {
  const mime = textOf(fields.mimeType);
  return mime === undefined ? '' : `: ${mime}`;
}
