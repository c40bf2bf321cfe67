import type { z } from 'zod';

/** What is wrong with a value, in words that follow its name; the parser's own where there are no better ones. */
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
    default:
      return issue.message;
  }
}
