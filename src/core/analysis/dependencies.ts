import { z } from 'zod';
import { titleFrom } from '../task/create.ts';
import type { CodeSuggestion } from './suggestion.ts';

const severities = { critical: 0.97, high: 0.9, moderate: 0.75, low: 0.5, info: 0.3 } as const;
const MAX_ADVISORIES = 20;
/** Reading a manifest, an upgrade and the test run. */
const LINES = 100;

const auditSchema = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.enum(['critical', 'high', 'moderate', 'low', 'info']),
      range: z.string().optional(),
      isDirect: z.boolean().optional(),
      via: z.array(z.union([z.string(), z.object({ title: z.string().optional(), url: z.string().optional() })])),
    }),
  ),
});

const outdatedSchema = z.record(
  z.string(),
  z.object({ current: z.string().optional(), wanted: z.string().optional(), latest: z.string() }),
);

/** Suggestions from the output of `npm audit --json`. Undefined if it is in another form. */
export function vulnerableDependencies(output: string): CodeSuggestion[] | undefined {
  const report = parsed(output, auditSchema);
  if (report === undefined) return undefined;
  return Object.entries(report.vulnerabilities).map(([name, { severity, range = '', isDirect, via }]) => {
    const advisories = via.flatMap((each) =>
      typeof each === 'string' ? [] : [`${each.title ?? ''} ${each.url ?? ''}`],
    );
    const through = via.flatMap((each) => (typeof each === 'string' ? [each] : []));
    return {
      kind: 'dependencies',
      key: `dependencies:vulnerable:${name}`,
      // Others upgrade an indirect dependency, often with one change for several.
      score: isDirect === false ? severities[severity] - 0.1 : severities[severity],
      title: titleFrom(`Upgrade ${name}, which has a known vulnerability (${severity})`),
      description: [
        `\`npm audit\` reports a vulnerability of the severity "${severity}" in ${name}${range === '' ? '' : ` ${range}`}.`,
        ...advisories.slice(0, MAX_ADVISORIES).map((text) => `- ${text.trim()}`),
        ...(through.length === 0 ? [] : [`It comes through ${through.slice(0, MAX_ADVISORIES).join(', ')}.`]),
        'Upgrade it to a version without the vulnerability, read its release notes, and run the tests.',
      ].join('\n'),
      files: ['package.json'],
      lines: LINES,
    };
  });
}

/** Suggestions from the output of `npm outdated --json`. Undefined if it is in another form. */
export function outdatedDependencies(output: string): CodeSuggestion[] | undefined {
  const report = parsed(output.trim() === '' ? '{}' : output, outdatedSchema);
  if (report === undefined) return undefined;
  return Object.entries(report).flatMap(([name, { current, wanted, latest }]): CodeSuggestion[] => {
    const from = current ?? wanted;
    if (from === undefined || from === latest) return [];
    const majors = majorOf(latest) - majorOf(from);
    return [
      {
        kind: 'dependencies',
        key: `dependencies:outdated:${name}`,
        score: majors >= 2 ? 0.75 : majors === 1 ? 0.65 : 0.5,
        title: titleFrom(`Upgrade ${name} from ${from} to ${latest}`),
        description: `\`npm outdated\` reports ${name} ${latest}; the installed version is ${from}. Read its release notes, upgrade it, adapt the code, and run the tests.`,
        files: ['package.json'],
        lines: LINES,
      },
    ];
  });
}

function majorOf(version: string): number {
  const major = Number.parseInt(version, 10);
  return Number.isNaN(major) ? 0 : major;
}

function parsed<S extends z.ZodType>(text: string, schema: S): z.output<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
