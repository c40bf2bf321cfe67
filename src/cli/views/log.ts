import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import { sanitizeLine, sanitizeText } from '../../core/text/sanitize.ts';
import type { Style, Tint } from '../terminal/style.ts';
import { clock, humanDuration } from '../terminal/time.ts';
import { padEnd } from '../terminal/width.ts';

const levelTints: Readonly<Record<TaskLogEntry['level'], Tint | undefined>> = {
  debug: 'dim',
  info: undefined,
  warn: 'yellow',
  error: 'red',
};

/**
 * One entry for a person: time, type, level when it is not the usual one, message, and where the tool was at. Further
 * lines of a message stand below its first.
 */
export function logLine(entry: TaskLogEntry, style: Style, now: number): string {
  const time = clock(entry.timestamp, now);
  const type = padEnd(entry.type, 8);
  const level = entry.level === 'info' ? '' : `${entry.level}: `;
  const prefix = entry.prefix === undefined ? '' : `[${sanitizeLine(entry.prefix)}] `;
  const indent = ' '.repeat(time.length + 2 + type.length + 1);
  const text = `${level}${prefix}${sanitizeText(entry.message).trimEnd().replaceAll('\n', `\n${indent}`)}`;
  const tint = levelTints[entry.level];
  const facts = factsOf(entry);
  return `${style('dim', time)}  ${style('dim', type)} ${tint === undefined ? text : style(tint, text)}${
    facts === '' ? '' : ` ${style('dim', `(${facts})`)}`
  }`;
}

/** Tool, file with line, and duration, unless the message contains them. */
function factsOf({ message, metadata }: TaskLogEntry): string {
  if (metadata === undefined) return '';
  const { toolName, fileName, lineNumber, duration } = metadata;
  const place = fileName === undefined ? '' : `${fileName}${lineNumber === undefined ? '' : `:${lineNumber}`}`;
  const named = [toolName ?? '', place].filter((fact) => fact !== '' && !message.includes(fact)).map(sanitizeLine);
  return [...named, duration === undefined ? '' : humanDuration(duration)].filter(Boolean).join(', ');
}
