import type { Style } from './style.ts';
import { displayWidth, padEnd, padStart, truncate } from './width.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** A cell's text, already safe to show, and how to colour it once it has its width. */
export interface Cell {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

/**
 * Lines of an aligned table. The last column is never padded, and is cut where the line would be wider than `columns`;
 * colours are put on after measuring.
 */
export function renderTable(head: readonly Column[], rows: readonly Cell[][], style: Style, columns: number): string[] {
  const widths = head.map((column, index) =>
    Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(row[index]?.text ?? ''))),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(10, columns - before);
  const line = (cells: readonly Cell[]): string =>
    cells
      .map((cell, index) => {
        const last = index === head.length - 1;
        const text = last ? truncate(cell.text, room) : pad(cell.text, widths[index] ?? 0, head[index]?.align);
        return cell.paint === undefined ? text : cell.paint(text);
      })
      .join('  ')
      .trimEnd();
  const titles = head.map((column) => ({ text: column.title, paint: (text: string) => style('dim', text) }));
  return [line(titles), ...rows.map(line)];
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  return align === 'right' ? padStart(text, width) : padEnd(text, width);
}
