import type { ReactNode } from 'react';

import { useIsStale } from '../live/hooks';
import { StaleMark } from './StaleMark';
import classes from './Tile.module.css';
import type { Tone } from './tones';

/** What a tile is given. */
export interface TileProps {
  /** Its name to who cannot see it. */
  label: string;
  tone: Tone;
  /** What it rests on is old or lost, though the gateway is heard: it looks like it. */
  isDoubtful?: boolean;
  /** A change made here is not answered yet. */
  isPending?: boolean;
  children: ReactNode;
}

/** One thing of the clinic. It looks untrustworthy while it is. */
export function Tile({ label, tone, isDoubtful = false, isPending = false, children }: TileProps) {
  const isStale = useIsStale();
  return (
    <article
      className={classes.tile}
      aria-label={label}
      aria-busy={isPending}
      data-tone={tone}
      data-stale={isStale}
      data-doubtful={isStale || isDoubtful}
    >
      {children}
      {isStale && (
        <div className={classes.mark}>
          <StaleMark />
        </div>
      )}
    </article>
  );
}
