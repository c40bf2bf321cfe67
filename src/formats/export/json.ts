/** JSON in which every invisible character is escaped: terminals show it, and nothing is lost. */
export function jsonOf(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    (letter) => (/[\n ]/.test(letter) ? letter : escaped(letter)),
  );
}

/** `\\u200b`; a character of two units has two of them. */
function escaped(letter: string): string {
  return [...Array(letter.length).keys()]
    .map((index) => `\\u${letter.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}
