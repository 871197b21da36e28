// The levels of automation: what a setting changed against the one before it, and which rooms have their own.

import type { components } from '@caresync/client';

/** One setting: the levels, who set them, and when. */
export type Setting = components['schemas']['Automation'];
/** How far sensors may act by themselves. */
export type Level = components['schemas']['Level'];
/** The levels of one room; what is not said goes by the clinic's. */
export type RoomLevels = components['schemas']['RoomLevels'];
/** What the gateway answers. */
export interface AutomationAnswer {
  automation: Setting;
  history: Setting[];
}

/** Where the setting is read and changed. */
export const PATH = '/api/automation';

/** What sensors may act on. */
export const FEATURES = ['occupancy', 'turnover', 'equipment'] as const;
export type Feature = (typeof FEATURES)[number];

/** From the least to the most. */
export const LEVELS: readonly Level[] = ['monitoring', 'assisted', 'full'];

/** The gateway takes so many rooms with levels of their own. */
export const ROOMS_MAX = 32;

/** Rooms that differ from the clinic, by id. One whose levels were all taken back does not. */
export function ownRooms({ rooms }: Setting): [id: string, levels: RoomLevels][] {
  return Object.entries(rooms)
    .filter(([, levels]) => FEATURES.some((it) => levels[it]))
    .sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }));
}

/** One level that a setting changed. No room: the clinic's. Nothing in `from` or `to`: the room went, or goes, by the clinic's. */
export interface LevelChange {
  room?: string;
  feature: Feature;
  from: Level | undefined;
  to: Level | undefined;
}

/** What differs between two settings, the clinic's first. */
export function changesOf(before: Setting, after: Setting): LevelChange[] {
  const clinic = FEATURES.map((feature): LevelChange => ({ feature, from: before[feature], to: after[feature] }));
  const ids = [...new Set([...ownRooms(before), ...ownRooms(after)].map(([id]) => id))];
  const rooms = ids.flatMap((room) =>
    FEATURES.map(
      (feature): LevelChange => ({
        room,
        feature,
        from: before.rooms[room]?.[feature] ?? undefined,
        to: after.rooms[room]?.[feature] ?? undefined,
      }),
    ),
  );
  return [...clinic, ...rooms].filter(({ from, to }) => from !== to);
}

/** A setting, and the one that it followed; none for the oldest that is kept. */
export interface Entry {
  setting: Setting;
  before: Setting | undefined;
}

/** The history with what came before each; the newest first, as the gateway has it. */
export function entriesOf(history: readonly Setting[]): Entry[] {
  return history.map((setting, n) => ({ setting, before: history[n + 1] }));
}

/** What a form holds: a level, or that the room goes by the clinic's. */
export type Chosen = Record<Feature, Level | 'clinic'>;

/** The levels as a form holds them. */
export function chosenOf(levels: RoomLevels | undefined): Chosen {
  return {
    occupancy: levels?.occupancy ?? 'clinic',
    turnover: levels?.turnover ?? 'clinic',
    equipment: levels?.equipment ?? 'clinic',
  };
}

/** What is sent for a room. Where nothing differs any more, that ends its levels: an empty entry would stay for ever. */
export function roomBody(chosen: Chosen): RoomLevels | null {
  const own = FEATURES.filter((it) => chosen[it] !== 'clinic');
  return own.length === 0 ? null : Object.fromEntries(own.map((it) => [it, chosen[it]]));
}
