/**
 * The README as the extension's page in the editor can show it. That page shows pictures of the web alone, and has none
 * of the repository's files: paragraphs with a picture of the repository are left out, and links to its files become
 * plain words. Links within the page and to the web stay.
 */
export function readmeForPackage(markdown: string): string {
  return markdown
    .split(/\n{2,}/)
    .filter((paragraph) => !/!\[[^\]]*\]\((?!\w+:)/.test(paragraph))
    .join('\n\n')
    .replace(/(?<!!)\[([^\]]+)\]\((?!\w+:|#)[^)]+\)/g, '$1');
}
