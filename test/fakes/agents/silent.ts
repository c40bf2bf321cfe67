/** A FAKE agent that takes a prompt and never says anything. */
import { serve } from './kit.ts';

serve({ prompt: () => new Promise(() => {}) });
