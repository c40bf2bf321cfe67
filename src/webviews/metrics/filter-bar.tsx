import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Loaded, MetricsWords } from './protocol.ts';
import { setFilter } from './state.ts';

interface FilterBarProps {
  readonly words: MetricsWords;
  readonly data: Loaded;
}

const CUSTOM = 'custom';

/** Chooses the folder, the project and the range of dates. */
export function FilterBar({ words, data }: FilterBarProps): JSX.Element {
  const { folders, projects, filter } = data;
  const ranges = { today: words.today, last_7_days: words.last7, last_30_days: words.last30, all: words.allTime };
  const [from = '', to = ''] = filter.range.includes('..') ? filter.range.split('..') : [];
  // The fields stay while both are empty, and a person edits them.
  const [wanted, setWanted] = useState(false);
  const isCustom = wanted || filter.range.includes('..');
  const setDates = (first: string, last: string): void => {
    setWanted(true);
    setFilter({ range: first + last === '' ? 'all' : `${first}..${last}` });
  };
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
        value={isCustom ? CUSTOM : filter.range}
        options={[...Object.entries(ranges), [CUSTOM, words.custom] as const]}
        choose={(range) => {
          setWanted(range === CUSTOM);
          setFilter({ range: range === CUSTOM ? `${new Date().toISOString().slice(0, 8)}01..` : range });
        }}
      />
      {isCustom ? (
        <>
          <DateField label={words.from} value={from} max={to} choose={(date) => setDates(date, to)} />
          <DateField label={words.to} value={to} min={from} choose={(date) => setDates(from, date)} />
        </>
      ) : undefined}
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

interface DateFieldProps {
  readonly label: string;
  /** `2024-01-31`, or empty. */
  readonly value: string;
  readonly min?: string;
  readonly max?: string;
  choose(value: string): void;
}

function DateField({ label, value, min = '', max = '', choose }: DateFieldProps): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <input type="date" value={value} min={min} max={max} onChange={(event) => choose(event.currentTarget.value)} />
    </label>
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
