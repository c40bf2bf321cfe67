import type { Plan } from '../../core/plan/plan.ts';
import { type ImportFormat, importTexts } from '../../formats/import/import-text.ts';
import { parseSpec } from '../../formats/spec/parse.ts';
import { expandTemplate } from '../../formats/template/expand.ts';
import type { FieldValues } from '../../formats/template/expression.ts';
import { readTemplate, type Template } from '../../formats/template/template.ts';
import { readImportSource } from '../../runtime/planning/import-source.ts';
import { readBeside, readSourceFile } from '../../runtime/planning/source-file.ts';
import { findTemplate } from '../../runtime/templates/template-files.ts';

/** A remark about a line of a source that was understood in part. */
export interface PlanNote {
  readonly line?: number | undefined;
  readonly message: string;
}

export interface ImportChoice {
  /** Format. Default: recognised by the content. */
  readonly from?: ImportFormat | undefined;
  /** Closed issues, too. */
  readonly closed?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The plan of a source before anything is created. */
export interface PlanDraft {
  readonly plan: Plan;
  readonly notes: readonly PlanNote[];
}

/**
 * The plan of a specification file.
 *
 * @throws TaskError `InvalidInput` for a missing file or one without tasks, `TooLarge`
 */
export async function specDraft(folder: string, file: string): Promise<PlanDraft & { readonly text: string }> {
  const source = await readSourceFile(folder, file);
  // Kiro keeps the criteria that its tasks refer to in another file.
  const requirements = await readBeside(source, 'requirements.md');
  return { ...parseSpec(source.text, { file: source.name, requirements }), text: source.text };
}

/** True for `github` and `github:owner/name`, which name no file. */
export function isGithub(path: string): boolean {
  return /^github(?::|$)/.test(path);
}

/**
 * The plan of another tool's file or folder, or of the issues of a GitHub repository.
 *
 * @param path - file or folder, `github` for the repository of the folder, or `github:owner/name`
 * @throws TaskError `InvalidInput` for a missing file or an unknown format, `TooLarge`
 */
export async function importDraft(
  folder: string,
  path: string,
  { from, closed = false, signal }: ImportChoice = {},
): Promise<PlanDraft & { readonly format: ImportFormat }> {
  if (isGithub(path) && (from === undefined || from === 'github')) {
    const { readGithubIssues } = await import('../../runtime/github/issues.ts');
    const { repository, text } = await readGithubIssues(folder, path.split(':')[1], { closed, signal });
    return importTexts([{ name: repository, text }], repository, { format: 'github' });
  }
  const { name, files, requirements } = await readImportSource(folder, path);
  return importTexts(files, name, { format: from, requirements });
}

/** @throws TaskError `InvalidInput` for an unknown template or a fault of its file */
export async function templateOf(folder: string, name: string): Promise<Template> {
  const source = await findTemplate(folder, name);
  return readTemplate(source.text, source.file ?? source.name);
}

/** @throws TaskError `InvalidInput` also for a missing or wrong field value */
export async function templateDraft(folder: string, name: string, values: FieldValues): Promise<PlanDraft> {
  return { plan: expandTemplate(await templateOf(folder, name), values), notes: [] };
}
