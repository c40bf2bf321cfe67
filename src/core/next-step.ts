import { didYouMean } from './text/suggestion.ts';

/**
 * Something a person can do next, independent of any face. The command line prints an operation as a command to copy, the
 * editor as a button; programs get it as data.
 */
export type NextStep =
  | {
      readonly kind: 'operation';
      /** Name of an operation: `task.cancel`. */
      readonly operation: string;
      /** The part of its input that is known. */
      readonly input?: Readonly<Record<string, unknown>> | undefined;
      /** Keys of its input that the person fills in. */
      readonly ask?: readonly string[] | undefined;
      /** Imperative phrase without a full stop: `Cancel it first`. */
      readonly label: string;
    }
  | {
      readonly kind: 'shell';
      /** A command line of another program: `npm install -g opencode-ai`. */
      readonly command: string;
      /** Imperative phrase without a full stop. */
      readonly label: string;
    }
  | {
      readonly kind: 'text';
      /** A whole sentence. */
      readonly label: string;
    };

/** A step that an operation of the product performs; `ask` lists the keys to fill in. */
export function operationStep(
  label: string,
  operation: string,
  input: Readonly<Record<string, unknown>> = {},
  ask: readonly string[] = [],
): NextStep {
  return { kind: 'operation', operation, input, ...(ask.length === 0 ? {} : { ask }), label };
}

/** A step that another program performs. */
export function shellStep(label: string, command: string): NextStep {
  return { kind: 'shell', command, label };
}

/** A step in words, if no program can perform it. */
export function textStep(label: string): NextStep {
  return { kind: 'text', label };
}

/** A step that asks for the probably intended name; empty if no name is close. */
export function suggestions(word: string, names: Iterable<string>): NextStep[] {
  const question = didYouMean(word, names);
  return question === undefined ? [] : [textStep(question)];
}

/** One sentence for places that have neither commands nor buttons. */
export function stepSentence(step: NextStep): string {
  if (step.kind === 'text') return step.label;
  return step.kind === 'shell' ? `${step.label}: ${step.command}` : `${step.label}.`;
}
