import type { z } from 'zod';
import { didYouMean } from '../text/suggestion.ts';

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  boolean: 'true or false',
};

/** Describes the problem of a value in words that follow its name. */
export function issueWords(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'number' || issue.origin === 'int')
        return `must be ${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}`;
      return issue.minimum === 1 ? 'must not be empty' : issue.message;
    case 'too_big':
      if (issue.origin === 'number' || issue.origin === 'int')
        return `must be ${issue.inclusive === true ? 'at most' : 'less than'} ${issue.maximum}`;
      if (issue.origin === 'string') return `must have at most ${issue.maximum} characters`;
      return issue.origin === 'array' ? `must have at most ${issue.maximum} entries` : issue.message;
    case 'invalid_value': {
      const words = issue.values.map(String);
      const meant = typeof issue.input === 'string' ? didYouMean(issue.input, words) : undefined;
      return `must be one of ${words.join(', ')}${meant === undefined ? '' : `. ${meant}`}`;
    }
    case 'invalid_union': {
      // The alternatives of a single value and of a list item report the same problem.
      const [inner] = issue.errors.flat();
      return inner === undefined ? issue.message : issueWords(inner);
    }
    case 'invalid_type':
      return issue.input === undefined && issue.path.length > 0
        ? 'is missing'
        : `must be ${kinds[issue.expected] ?? `a ${issue.expected}`}`;
    default:
      return issue.message;
  }
}
