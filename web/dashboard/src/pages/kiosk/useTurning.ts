import { useEffect, useState } from 'react';

/** How long each screen of a wall stays, in milliseconds: long enough to find a room and walk on. */
const TURN_MS = 15_000;

/** Counts through so many screens, from 0, for ever. */
export function useTurning(screens: number): number {
  const [at, setAt] = useState(0);
  useEffect(() => {
    if (screens < 2) return undefined;
    const timer = setInterval(() => setAt((now) => now + 1), TURN_MS);
    return () => clearInterval(timer);
  }, [screens]);
  return at % screens;
}
