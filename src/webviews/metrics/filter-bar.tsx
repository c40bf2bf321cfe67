import type { JSX } from 'preact';
import type { Loaded, MetricsWords } from './protocol.ts';
import { setFilter } from './state.ts';

interface FilterBarProps {
  readonly words: MetricsWords;
  readonly data: Loaded;
}

/** Chooses the folder, the project and the range of dates. */
export function FilterBar({ words, data }: FilterBarProps): JSX.Element {
  const { folders, projects, filter } = data;
  const ranges = { today: words.today, last_7_days: words.last7, last_30_days: words.last30, all: words.allTime };
  return (
    <div class="filters">
      {folders.length < 2 ? undefined : (
        <Choice
          label={words.folder}
          value={filter.folder}
          options={folders.map(({ path, name }) => [path, name])}
          choose={(folder) => setFilter({ folder, project: '' })}
        />
      )}
      <Choice
        label={words.project}
        value={filter.project}
        options={[['', words.allProjects], ...projects.map((name) => [name, name] as const)]}
        choose={(project) => setFilter({ project })}
      />
      <Choice
        label={words.range}
        value={filter.range}
        options={Object.entries(ranges)}
        choose={(range) => setFilter({ range })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={filter.archived}
          onChange={(event) => setFilter({ archived: event.currentTarget.checked })}
        />
        {words.archived}
      </label>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, name: string])[];
  choose(value: string): void;
}

function Choice({ label, value, options, choose }: ChoiceProps): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
