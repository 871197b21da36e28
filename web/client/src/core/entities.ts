// The kinds of things that events are about, by the names that events, snapshots and the REST door have for them.

import type { Action, Alarm, Camera, Device, Equipment, Room, Snapshot, Task } from '../generated/frames.js';

/** What there is of each kind. */
export interface Entities {
  rooms: Room;
  equipment: Equipment;
  actions: Action;
  tasks: Task;
  alarms: Alarm;
  cameras: Camera;
  devices: Device;
}

/** A kind, by its key in snapshots and REST answers. */
export type Kind = keyof Entities;

/** The kind that events of a noun are about, and the channel that brings them. */
const KINDS = {
  room: { kind: 'rooms', channel: 'facility' },
  equipment: { kind: 'equipment', channel: 'facility' },
  action: { kind: 'actions', channel: 'actions' },
  task: { kind: 'tasks', channel: 'tasks' },
  alarm: { kind: 'alarms', channel: 'system' },
  camera: { kind: 'cameras', channel: 'cameras' },
  device: { kind: 'devices', channel: 'system' },
} as const satisfies Record<string, { kind: Kind; channel: string }>;

/** The nouns of events. */
export type Noun = keyof typeof KINDS;

/** What events of a type like `room:updated` are about. */
export type EntityOfEvent<T extends string> = T extends `${infer N extends Noun}:${string}`
  ? Entities[(typeof KINDS)[N]['kind']]
  : never;

/** A type of event that is about one of the kinds. */
export type EntityEvent = `${Noun}:${string}`;

/** The kind that an event of this type is about; nothing where it is about none. */
export function kindOf(type: string): Kind | undefined {
  const noun = type.split(':')[0] as string;
  return Object.hasOwn(KINDS, noun) ? KINDS[noun as Noun].kind : undefined;
}

/** The channel that brings events of a kind. */
export function channelOf(kind: Kind): string {
  return (Object.values(KINDS).find((it) => it.kind === kind) as { channel: string }).channel;
}

/** What of a kind is in a snapshot; nothing where its channel does not carry the kind. */
export function inSnapshot<K extends Kind>(snapshot: Snapshot, kind: K): Entities[K][] | undefined {
  return snapshot[kind] as Entities[K][] | undefined;
}

/** Something with an id, or the news that it is gone. */
export interface Identified {
  id: string;
}

/** Whether an event says that its thing is gone. */
export function isGone(type: string, data: unknown): boolean {
  return type.endsWith(':deleted') || type === 'alarm:cleared' || (data as { removed?: boolean } | null)?.removed === true;
}

/** The list with this thing in place of what it had of it, or at its end: the same news twice changes nothing. */
export function upserted<T extends Identified>(list: readonly T[], thing: T): T[] {
  const at = list.findIndex((it) => it.id === thing.id);
  return at < 0 ? [...list, thing] : list.map((it, index) => (index === at ? thing : it));
}

/** The list without this thing. */
export function without<T extends Identified>(list: readonly T[], id: string): T[] {
  return list.some((it) => it.id === id) ? list.filter((it) => it.id !== id) : (list as T[]);
}
