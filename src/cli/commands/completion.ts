import { z } from 'zod';
import type { Command } from '../command.ts';
import { scripts, shells } from '../completion/scripts.ts';
import { exitCodes } from '../exit-codes.ts';
import { flagsOf } from '../flags.ts';

export const command: Command = {
  details: 'Completes commands, options, their values, and tasks by number with their titles.',
  examples: [
    { words: 'completion bash', description: 'for bash: append it to ~/.bashrc' },
    { words: 'completion zsh', description: 'for zsh: append it to ~/.zshrc' },
    { words: 'completion fish', description: 'for fish: write it to ~/.config/fish/completions/systemprompt.fish' },
  ],
  flags: flagsOf(z.strictObject({ shell: z.enum(shells).describe('Shell.') })),
  positional: [{ key: 'shell', required: true }],
  json: 'the script as a text',
  reads: true,
  async run({ values, out, json }) {
    const script = scripts[values.shell as keyof typeof scripts];
    if (json) out.json(script);
    else out.print(script);
    return exitCodes.done;
  },
};
