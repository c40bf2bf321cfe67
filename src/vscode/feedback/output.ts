import type * as vscode from 'vscode';
import type { Logger } from '../../core/logger.ts';
import { sanitizeText } from '../../core/text/sanitize.ts';

/** The extension's own log as the logger that everything behind it writes to. */
export function channelLogger(channel: vscode.LogOutputChannel): Logger {
  const line = (message: string, details: unknown): string =>
    sanitizeText(details === undefined ? message : `${message} ${describe(details)}`);
  return {
    debug: (message, details) => channel.debug(line(message, details)),
    info: (message, details) => channel.info(line(message, details)),
    warn: (message, details) => channel.warn(line(message, details)),
    error: (message, details) => channel.error(line(message, details)),
  };
}

function describe(details: unknown): string {
  if (details instanceof Error) return details.stack ?? details.message;
  if (typeof details === 'string') return details;
  try {
    return JSON.stringify(details) ?? String(details);
  } catch {
    return String(details);
  }
}
