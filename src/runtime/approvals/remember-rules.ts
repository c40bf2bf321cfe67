import { TaskError } from '../../core/errors.ts';
import { operationStep, textStep } from '../../core/next-step.ts';
import { nameOfRule, type PermissionRule } from '../../core/policy/rule.ts';
import { appendToList } from '../../core/text/json-append.ts';
import { coordinationOf } from '../../store/coordination.ts';
import type { Environment } from '../../store/machine-folder.ts';
import type { SharedText } from '../../store/ports.ts';
import { confirmedParts, digestsOf, updateConfirmed } from '../settings/confirmations.ts';
import { lockOwner } from '../settings/lock-owner.ts';
import { type SettingsFile, settingsSchema } from '../settings/settings-schema.ts';

/**
 * Adds rules to the folder's `config.json` without changing the rest of its text. The rules apply at once, because the
 * person who adds them confirms them. Skips existing rules.
 *
 * @throws TaskError `SettingsUnreadable` if the file is not valid settings; `NotConfirmed` if it has unconfirmed rules,
 * because adding to them would confirm those as well; `SettingsBusy`
 */
export async function rememberRules(
  folder: string,
  rules: readonly PermissionRule[],
  env: Environment = process.env,
): Promise<void> {
  const { settings } = coordinationOf(folder, env);
  await settings.exclusively(lockOwner, async () => {
    // Editors ignore the lock: if a person saved the file in the meantime, the rules are added to the new text.
    while (!(await addTo(settings, folder, rules, env)));
  });
}

/** @returns false if the text changed in the meantime */
async function addTo(
  shared: SharedText,
  folder: string,
  rules: readonly PermissionRule[],
  env: Environment,
): Promise<boolean> {
  const file = shared.name;
  const text = await shared.read();
  const before = settingsOf(file, text ?? '{}');
  if (!(await confirmedParts(folder, before, env)).rules) {
    throw new TaskError('NotConfirmed', `${file} has rules that are not confirmed on this machine.`, {
      next: [operationStep('Review and confirm them, then remember the rule', 'agents')],
      details: { unconfirmed: file },
    });
  }
  const known = new Set((before.rules ?? []).map(nameOfRule));
  const added = rules.filter((rule) => !known.has(nameOfRule(rule)) && known.add(nameOfRule(rule)));
  if (added.length === 0) return true;
  const next = added.reduce((written, rule) => appendToList(written, 'rules', rule), text ?? '{}\n');
  const after = settingsOf(file, next);
  const [were, are] = [before, after].map((settings) => digestsOf(settings).rules);
  // Both digests count while the file is replaced, so that no process finds unconfirmed rules.
  await updateConfirmed(folder, (known) => [...known, ...listed(are)], env);
  const replaced = await shared.replace(text, next);
  const [stay, go] = replaced ? [are, were] : [were, are];
  await updateConfirmed(folder, (known) => [...known.filter((one) => one !== go), ...listed(stay)], env);
  return replaced;
}

function listed(digest: string | undefined): string[] {
  return digest === undefined ? [] : [digest];
}

function settingsOf(file: string, text: string): SettingsFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unreadable(file, (error as Error).message);
  }
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(file, `${issue?.path.join('.')}: ${issue?.message}`);
}

function unreadable(file: string, why: string): TaskError {
  return new TaskError('SettingsUnreadable', `No rule can be added to ${file}: ${why}.`, {
    next: [textStep('Correct the file first. Nothing in it was changed.')],
  });
}
