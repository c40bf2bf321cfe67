import { z } from 'zod';
import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import { gh, repositoryName } from './gh.ts';

/** The issues of a repository, one JSON object per line. */
export interface GithubIssues {
  /** `owner/name`, with a host before it except for github.com. */
  readonly repository: string;
  readonly text: string;
}

const viewSchema = z.object({ nameWithOwner: z.string().regex(repositoryName), url: z.string() });

const fields = `number title body url state stateReason createdAt closedAt parent { number } milestone { title }
labels(first: 50) { nodes { name } } assignees(first: 20) { nodes { login } }`;

/**
 * Reads the issues of a repository through `gh`.
 *
 * @param repository - `owner/name` or `host/owner/name`; the repository of the folder if undefined
 * @throws TaskError `InvalidInput` for another name, or if `gh` fails; the reason of the signal
 */
export async function readGithubIssues(
  folder: string,
  repository: string | undefined,
  { closed, signal }: { readonly closed: boolean; readonly signal?: AbortSignal | undefined },
): Promise<GithubIssues> {
  if (repository !== undefined && !repositoryName.test(repository)) {
    throw new TaskError('InvalidInput', `"${repository}" is no repository of GitHub.`, {
      next: [textStep('Name it as github:owner/name.')],
    });
  }
  const view = await gh(
    folder,
    ['repo', 'view', ...(repository === undefined ? [] : [repository]), '--json', 'nameWithOwner,url'],
    signal,
  );
  const { name, host } = placeIn(view);
  const [owner = '', repo = ''] = name.split('/').slice(-2);
  const states = closed ? 'OPEN, CLOSED' : 'OPEN';
  const query = `query($owner: String!, $repo: String!, $endCursor: String) { repository(owner: $owner, name: $repo) {
issues(first: 100, after: $endCursor, states: [${states}], orderBy: { field: CREATED_AT, direction: ASC }) {
pageInfo { hasNextPage endCursor } nodes { ${fields} } } } }`;
  const args = ['api', 'graphql', '--paginate', '-f', `query=${query}`, '-f', `owner=${owner}`, '-f', `repo=${repo}`];
  // Otherwise it asks the default host, where another repository may have this name.
  const rest = ['--hostname', host, '--jq', '.data.repository.issues.nodes[]'];
  const text = await gh(folder, [...args, ...rest], signal);
  return { repository: host === 'github.com' ? name : `${host}/${name}`, text };
}

function placeIn(text: string): { readonly name: string; readonly host: string } {
  try {
    const { nameWithOwner, url } = viewSchema.parse(JSON.parse(text));
    return { name: nameWithOwner, host: new URL(url).hostname };
  } catch (cause) {
    throw new TaskError('InvalidInput', 'gh did not name a repository.', { cause });
  }
}
