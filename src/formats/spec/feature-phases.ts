import { type DraftItem, draftOf } from './draft.ts';

/** Shorter lists of features are one phase. */
const MIN_FEATURES = 4;

const foundation =
  /\b(?:auth\w*|log[ -]?in|sign[ -]?(?:in|up)|accounts?|schema|databases?|data model|models?|crud|set[ -]?up|scaffold\w*|infrastructure|configuration|project structure|migrations?|storage|permissions?)\b/i;
const hardening =
  /\b(?:rate[ -]?limit\w*|security|secure|hardening|performance|cach(?:e|ing)|monitoring|logging|observability|audit\w*|tests?|testing|documentation|docs|deploy\w*|ci(?:\/cd)?|accessibility|backups?|scal(?:e|ing|ability))\b/i;

/**
 * Phases for a list of features without any order: the foundation that the others build on, the features, and the
 * hardening of the result. Undefined if the list is short or all features belong to one phase.
 */
export function featurePhases(features: readonly DraftItem[]): DraftItem[] | undefined {
  if (features.length < MIN_FEATURES || features.some(({ children }) => children.length > 0)) return undefined;
  const phases = [
    { title: 'Foundation', body: 'The parts that the other features build on.', children: [] as DraftItem[] },
    { title: 'Features', body: 'The features that build on the foundation.', children: [] as DraftItem[] },
    {
      title: 'Hardening',
      body: 'Protection, quality and operation of the finished features.',
      children: [] as DraftItem[],
    },
  ] as const;
  const [base, main, last] = phases;
  for (const feature of features) {
    if (hardening.test(feature.title)) last.children.push(feature);
    else (foundation.test(feature.title) ? base : main).children.push(feature);
  }
  const used = phases.filter(({ children }) => children.length > 0);
  if (used.length < 2) return undefined;
  return used.map(({ title, body, children }) => {
    const line = children[0]?.line ?? 1;
    return draftOf({ line, source: title, id: title.toLowerCase(), title, body: [body], children });
  });
}
