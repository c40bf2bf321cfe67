import type { JSX } from 'preact';
import { Mark } from '../kit/mark.tsx';
import type { RaceWords, ShownStanding } from './protocol.ts';

interface StandingProps {
  readonly words: RaceWords;
  readonly standing: ShownStanding;
}

export function Standing({ words, standing }: StandingProps): JSX.Element {
  return (
    <span class="standing">
      <Mark shapes={words.marks} mark={standing.mark} />
      <span>{standing.words}</span>
    </span>
  );
}
