/** An expression that the house style replaces. */
export interface Phrase {
  readonly pattern: RegExp;
  /** The plain wording, for the message of a failure. */
  readonly instead: string;
}

/** Paraphrases of terms of the field, passives of saying, and clauses in place of nouns. */
export const phrases: readonly Phrase[] = [
  // Terms of the field
  { pattern: /\b(?:go|goes|going|went|gone) on\b/i, instead: 'continue, resume' },
  { pattern: /\b(?:let|lets|letting) go\b/i, instead: 'release' },
  { pattern: /\b(?:came|come|comes|bring|brings|brought|taken?) along\b/i, instead: 'imported, included' },
  { pattern: /\bcameAlong\b|\bletGo\b|\bgoesOnWith\b/, instead: 'imported, release, resumeSessionId' },
  { pattern: /\btook it over\b/i, instead: 'reclaim' },
  { pattern: /\b(?:sign|signs) of life\b/i, instead: 'presence, heartbeat' },
  { pattern: /\bset to run\b/i, instead: 'queued' },
  { pattern: /\bat work\b/i, instead: 'running' },
  { pattern: /\b(?:used|uses|use) up\b/i, instead: 'reached, exhausted' },
  { pattern: /\bpass(?:ed|es)? over\b/i, instead: 'skip' },
  { pattern: /\b(?:mend|mends|mended|mending)\b/i, instead: 'repair' },
  { pattern: /\banew\b/i, instead: 'again, start over' },
  { pattern: /\bby (?:itself|themselves)\b/i, instead: 'automatically, on its own' },
  { pattern: /\b(?:hold|holds|holding|held) up\b/i, instead: 'bottleneck, delay, block' },
  { pattern: /\b(?:write|writes|written|writing|wrote) (?:it |them )?down\b/i, instead: 'record, create' },
  { pattern: /\bthe like\b/i, instead: 'similar requests' },
  { pattern: /\b(?:told|tell) apart\b/i, instead: 'distinguish' },
  { pattern: /\b(?:make|more|the) room\b/i, instead: 'free disk space' },
  { pattern: /\bgraver\b/i, instead: 'higher level' },
  { pattern: /\ba slip\b/i, instead: 'a mistake' },

  // Saying
  { pattern: /\b(?:is|are|was|were|be|been|being|gets?) (?:told|said)\b/i, instead: 'report, log, notify' },
  { pattern: /\b(?:hear|hears|heard|tell|tells|told|telling) of\b/i, instead: 'report, notify' },
  { pattern: /\b(?:say|says|said|saying) (?:so|no|nothing)\b/i, instead: 'report, state the fact' },
  { pattern: /\b(?:come|comes|came) to know\b/i, instead: 'learn, detect' },
  { pattern: /\bgets? to (?:read|know|hear)\b/i, instead: 'receive' },
  { pattern: /\bbroken at by\b/i, instead: 'tested by' },
  { pattern: /\b(?:tells?|told|telling)\b/i, instead: 'report, return, distinguish' },
  // Clauses where a noun exists
  { pattern: /\/\*\*\s+(?:What|Who|Whose|How|Where|That|Those) /, instead: 'a verb or a noun phrase' },
  { pattern: /\bwho(?:m?ever|soever)\b/i, instead: 'the process that, the caller' },
  { pattern: /\b(?:some|no|any|every)body\b/i, instead: 'a person, no process' },
  { pattern: /\bwh(?:at|ich)ever\b/i, instead: 'for any …, regardless of' },
  { pattern: /\bheld against\b/i, instead: 'compared with' },
  { pattern: /\bput aside\b/i, instead: 'moved to quarantine' },
  { pattern: /\b(?:what|that|which|who) (?:is|are|was|were) to (?!be found\b)/i, instead: 'a noun: queued tasks' },
  { pattern: /\bwhat (?:there|it|they) (?:is|are|was|were)\b/i, instead: 'a noun: the previous state' },
  { pattern: /\bwhat (?:\w+ ){1,3}(?:left|leaves)\b/i, instead: 'a noun: the rest, leftovers' },
  { pattern: /\bas (?:it|they) (?:is|are|was|were) shown\b/i, instead: 'as displayed' },
  { pattern: /\b(?:that|which) (?:is|are) none\b/i, instead: 'invalid, missing' },
  { pattern: /\bso many\b/i, instead: 'the number' },
  { pattern: /\b(?:if|when) (?:not given|nothing is said)\b/i, instead: 'Default: …' },
  { pattern: /\bhow (?:\w+ ){1,4}stands?\b/i, instead: 'the state of' },
  { pattern: /\ba \w+ of (?:its|their) own\b/i, instead: 'its own …' },
  { pattern: /\b(?:is|are|was|were|be) looked (?:at|for)\b/i, instead: 'inspect, search' },
  { pattern: /\bis over\b|\bare over\b/i, instead: 'ended' },
  { pattern: /\bany more\b/i, instead: 'no longer' },
];

/** Further expressions that the titles of tests avoid: a title states subject and expected behaviour. */
export const titlePhrases: readonly Phrase[] = [
  ...phrases,
  { pattern: /^what\b/i, instead: 'a noun phrase' },
  { pattern: /\bwho\b/i, instead: 'the caller, the process that' },
  { pattern: /\bsays?\b/i, instead: 'reports, logs, contains' },
  { pattern: /\bhears?\b/i, instead: 'receives, gets' },
  { pattern: /\bmeanwhile\b/i, instead: 'in the meantime, concurrently' },
];
