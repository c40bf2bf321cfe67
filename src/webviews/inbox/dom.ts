type Child = Node | string | undefined;

/** An element with properties and children. Texts become text nodes: nothing that an agent says is ever read as markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

export function button(label: string, look: 'primary' | 'secondary' | 'link', press: () => void): HTMLButtonElement {
  const element = el('button', { type: 'button', className: look }, label);
  element.addEventListener('click', press);
  return element;
}

/** A text with its places filled in: `{0}`. */
export function fill(words: string, value: string | number): string {
  return words.replace('{0}', String(value));
}

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `5 min. ago`, in the language of the page. */
export function ago(at: string): string {
  const seconds = (Date.now() - Date.parse(at)) / 1_000;
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang || 'en', {
    numeric: 'auto',
    style: 'short',
  });
  for (const [unit, size] of units) if (seconds >= size) return format.format(-Math.floor(seconds / size), unit);
  return format.format(0, 'second');
}
