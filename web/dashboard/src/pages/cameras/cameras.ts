// Which camera needs somebody first, and what is known of each.

import type { Camera, Room } from '@caresync/client';
import { IconCircleCheck, IconCircleDashed, IconClockExclamation, IconPlugConnectedX } from '@tabler/icons-react';

import { earlier } from '../../things/order';
import type { Look } from '../../shared/tones';

type Health = Camera['health'];

/** How each health looks. */
export const CAMERA_LOOKS: Record<Health, Look> = {
  lost: { tone: 'danger', icon: IconPlugConnectedX },
  stale: { tone: 'attention', icon: IconClockExclamation },
  starting: { tone: 'unknown', icon: IconCircleDashed },
  live: { tone: 'good', icon: IconCircleCheck },
};

const RANKS: Record<Health, number> = { lost: 0, stale: 1, starting: 2, live: 3 };

/** Cameras that see nothing first; of those, the one that is so for longest. Cameras that are well stay by their ids. */
export function byHealth(a: Camera, b: Camera): number {
  const rank = RANKS[a.health] - RANKS[b.health];
  if (rank !== 0) return rank;
  return (a.health === 'live' ? 0 : earlier(a.since, b.since)) || earlier(a.id, b.id);
}

/** What its reader said last changes without an event: the newer answer has it. The health of the events stays. */
export function withTrouble(camera: Camera, answered: readonly Camera[] | undefined): Camera {
  const trouble = answered?.find(({ id }) => id === camera.id)?.trouble;
  return trouble === undefined ? camera : { ...camera, trouble };
}

/** What a room makes of a camera. */
export type Weight = 'paused' | 'alone' | 'among' | 'none';

/** Whether what is said of the room rests on this camera. */
export function weightOf({ id }: Camera, { occupancy }: Room): Weight {
  if (occupancy.paused) return 'paused';
  // Sources are told by what they are: `camera:cam-1`, `device:pir-4`.
  if (!occupancy.sources.includes(`camera:${id}`)) return 'none';
  return occupancy.sources.length === 1 ? 'alone' : 'among';
}
