import type { TaskLogEntry } from '../../core/task/log-entry.ts';
import { sanitizeText } from '../../core/text/sanitize.ts';
import { clockText, durationText } from './time.ts';

/** Characters of one entry that the channel shows; the log file has all of it. */
const shownChars = 20_000;

/**
 * An entry as lines of an output channel: time, level, type and tool, then the message. The editor's `log` language
 * colors the level; further lines are indented, so that output of an agent cannot imitate an entry.
 */
export function logLine(entry: TaskLogEntry): string {
  const { metadata } = entry;
  const tool = metadata?.toolName;
  const head = [
    clockText(entry.timestamp),
    `[${entry.level === 'warn' ? 'warning' : entry.level}]`,
    `[${tool === undefined ? entry.type : `${entry.type} ${oneLine(tool)}`}]`,
  ];
  const took = metadata?.duration === undefined ? '' : ` (${shortDuration(metadata.duration)})`;
  const said = words(entry);
  return `${head.join(' ')} ${said}${placeOf(metadata?.fileName, metadata?.lineNumber, said)}${took}\n`;
}

function words(entry: TaskLogEntry): string {
  const { message } = entry;
  const text = message.length > shownChars ? `${message.slice(0, shownChars)}…` : message;
  const lines = sanitizeText(text).trimEnd().split('\n');
  return lines.join('\n    ');
}

/** The file and line, unless the message names the file already. */
function placeOf(file: string | undefined, line: number | undefined, said: string): string {
  if (file === undefined) return '';
  const name = oneLine(file);
  const place = line === undefined ? name : `${name}:${line}`;
  return said.includes(place) ? '' : ` (${place})`;
}

function oneLine(text: string): string {
  return sanitizeText(text).replace(/\s+/g, ' ').slice(0, 300);
}

function shortDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : durationText(ms);
}
