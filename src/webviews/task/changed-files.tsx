import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Button } from '../kit/button.tsx';
import type { ChangedFile, TaskModel, TaskWords } from './protocol.ts';
import { Section } from './section.tsx';
import { channel, report } from './state.ts';

/** The changed files in the worktree of the task, each with its lines and its diff. */
export function ChangedFiles({
  words,
  model,
}: {
  readonly words: TaskWords;
  readonly model: TaskModel;
}): JSX.Element | null {
  const { id, changes } = model;
  const [files, setFiles] = useState<readonly ChangedFile[] | undefined>(undefined);
  useEffect(() => {
    setFiles(undefined);
    if (changes === null) return;
    let current = true;
    channel.request('changes', {}).then((reply) => {
      if (current) setFiles(reply.files);
    }, report);
    return () => {
      current = false;
    };
  }, [id, changes]);
  if (changes === null || files === undefined) return null;
  const show = (path: string | null): void => void channel.request('diff', { path }).catch(report);
  return (
    <Section
      title={words.changes}
      action={
        files.length > 1 ? (
          <Button look="link" press={() => show(null)}>
            {words.reviewAll}
          </Button>
        ) : undefined
      }
    >
      {files.length === 0 ? <p class="muted">{words.noChanges}</p> : undefined}
      <ul class="plain files">
        {files.map(({ path, name, added, deleted }) => (
          <li key={path}>
            <Button look="link" press={() => show(path)}>
              {name}
            </Button>
            {added === null || deleted === null ? (
              <span class="muted">{words.binary}</span>
            ) : (
              <span>
                <span class="added">+{added}</span> <span class="removed">−{deleted}</span>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
