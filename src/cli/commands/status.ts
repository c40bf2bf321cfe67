import { operationCommand } from '../command.ts';
import { statusView } from '../views/status.ts';

export const command = operationCommand('status', {
  examples: [{ words: 'status', description: 'summarize this folder' }],
  json: '`{ folder, read_only, problems, total, by_status, ready, asks, workers, today, archived, storage, memory }`; sizes in bytes',
  view: (output, { out }) => statusView(output, out),
});
