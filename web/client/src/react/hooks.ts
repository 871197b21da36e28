// The hooks of live events. They use the client of the program (`initializeWebSocket`), and wait for it where it comes later:
// effects of children run before those of the component that makes it.

import { type Dispatch, type SetStateAction, useEffect, useRef, useState, useSyncExternalStore } from 'react';

import type { CareSyncClient } from '../core/client.js';
import type { ConnectionState } from '../core/connection.js';
import { getWebSocketClient, watchWebSocketClient } from '../core/current.js';
import {
  type EntityEvent,
  type EntityOfEvent,
  type Identified,
  inSnapshot,
  isGone,
  kindOf,
  upserted,
  without,
} from '../core/entities.js';
import type { EventOf, EventType, UnknownFrame } from '../core/events.js';
import type { Snapshot } from '../generated/frames.js';
import { follow } from './following.js';

/** The client of this program, once there is one. */
export function useWebSocketClient(): CareSyncClient | undefined {
  return useSyncExternalStore(watchWebSocketClient, getWebSocketClient, () => undefined);
}

/** Calls `handler` for each event of this type (`*`: all), as long as the component is mounted. */
export function useWebSocketEvent<T extends EventType | '*'>(eventType: T, handler: (event: EventOf<T>) => void): void;
export function useWebSocketEvent<T extends string>(eventType: T, handler: (event: EventOf<T>) => void): void;
export function useWebSocketEvent(eventType: string, handler: (event: never) => void): void {
  const client = useWebSocketClient();
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(
    () => client?.on(eventType, (event: UnknownFrame) => (latest.current as (event: UnknownFrame) => void)(event)),
    [client, eventType],
  );
}

/** Follows a channel as long as the component is mounted. */
export function useWebSocketRoom(room: string): void {
  useFollowed(room, false);
}

function useFollowed(room: string | undefined, snapshot: boolean): void {
  const client = useWebSocketClient();
  useEffect(() => {
    if (client && room !== undefined) return follow(client, room, { snapshot });
    return undefined;
  }, [client, room, snapshot]);
}

/** How the connection does. */
export function useWebSocketStatus(): { status: ConnectionState; isConnected: boolean } {
  const client = useWebSocketClient();
  const status = useSyncExternalStore(
    (watcher) => client?.watchState(watcher) ?? (() => {}),
    () => client?.getState() ?? 'disconnected',
    () => 'disconnected' as const,
  );
  return { status, isConnected: status === 'connected' };
}

/**
 * What the newest event of a type says, beginning with `initialData`.
 *
 * With an array, it is the list of things of that kind: an event is put in place of what the list had of its thing, or at its
 * end, and a snapshot in place of the list. With anything else, it is the newest event's data. `room` is followed.
 */
export function useRealtimeData<T extends EntityEvent>(
  eventType: T,
  initialData: readonly EntityOfEvent<T>[],
  room?: string,
): [EntityOfEvent<T>[], Dispatch<SetStateAction<EntityOfEvent<T>[]>>];
export function useRealtimeData<T>(
  eventType: string,
  initialData: T,
  room?: string,
): [T, Dispatch<SetStateAction<T>>];
export function useRealtimeData(eventType: string, initialData: unknown, room?: string): unknown {
  const [data, setData] = useState<unknown>(initialData);
  const isList = Array.isArray(initialData);
  useWebSocketEvent(eventType, (event) => setData((before: unknown) => taken(before, eventType, event.data)));
  useSnapshot(isList ? eventType : undefined, (list) => setData(list));
  useFollowed(room, isList && kindOf(eventType) !== undefined);
  return [data, setData];
}

function taken(before: unknown, type: string, data: unknown): unknown {
  if (!Array.isArray(before)) return data;
  const list = before as Identified[];
  return isGone(type, data) ? without(list, (data as Identified).id) : upserted(list, data as Identified);
}

/** The list of what one event creates, another updates and a third deletes. Created twice is there once. */
export function useRealtimeList<T extends EntityEvent>(
  createEvent: T,
  updateEvent: EntityEvent,
  deleteEvent: EntityEvent,
  initialData: readonly EntityOfEvent<T>[],
  room?: string,
): EntityOfEvent<T>[];
export function useRealtimeList<T extends Identified>(
  createEvent: string,
  updateEvent: string,
  deleteEvent: string,
  initialData: readonly T[],
  room?: string,
): T[];
export function useRealtimeList(
  createEvent: string,
  updateEvent: string,
  deleteEvent: string,
  initialData: readonly Identified[],
  room?: string,
): Identified[] {
  const [list, setList] = useState<Identified[]>([...initialData]);
  const put = (event: UnknownFrame) => setList((before) => upserted(before, event.data as Identified));
  useWebSocketEvent(createEvent, put);
  useWebSocketEvent(updateEvent, put);
  useWebSocketEvent(deleteEvent, (event) => setList((before) => without(before, (event.data as Identified).id)));
  useSnapshot(createEvent, (all) => setList(all));
  useFollowed(room, kindOf(createEvent) !== undefined);
  return list;
}

/** Calls `take` with the list of every snapshot that has things of the kind that `eventType` is about. */
function useSnapshot(eventType: string | undefined, take: (list: Identified[]) => void): void {
  const kind = eventType === undefined ? undefined : kindOf(eventType);
  useWebSocketEvent('snapshot', (event) => {
    const list = kind && inSnapshot(event.data as Snapshot, kind);
    if (list) take(list);
  });
}

/** What a notification is like. */
export type NotificationType = 'info' | 'success' | 'warning' | 'error';

/** Calls `handler` with a sentence about each event that people may want to know of at once. */
export function useWebSocketNotifications(handler: (message: string, type: NotificationType) => void): void {
  useWebSocketEvent('*', (event) => {
    const told = notification(event);
    if (told) handler(...told);
  });
}

/** Nothing for what is replayed: it is not new. */
function notification(event: EventOf<'*'>): [string, NotificationType] | undefined {
  if ('replay' in event && event.replay) return undefined;
  switch (event.type) {
    case 'action:created':
      return [`New action item: ${event.data.title ?? event.data.type}`, urgencyOf(event.data.urgency)];
    case 'task:created':
      return [`New task: ${event.data.type ?? event.data.id}`, 'info'];
    case 'task:updated':
      return event.data.status === 'completed' ? [`Task completed: ${event.data.type ?? event.data.id}`, 'success'] : undefined;
    case 'equipment:updated':
      return equipmentNotification(event.data.name ?? event.data.id, event.data.status);
    case 'alarm:raised':
      return [event.data.text ?? event.data.id, 'error'];
    case 'alarm:cleared':
      return ['An alarm has cleared', 'success'];
    case 'disconnected':
      return ['The connection to the gateway is lost', 'warning'];
    case 'reconnect_failed':
      return ['Not connected any more: log in again', 'error'];
    default:
      return undefined;
  }
}

function urgencyOf(urgency: string): NotificationType {
  return urgency === 'urgent' ? 'warning' : 'info';
}

function equipmentNotification(name: string, status: string): [string, NotificationType] | undefined {
  if (status === 'offline') return [`${name} is offline`, 'error'];
  if (status === 'needs_maintenance') return [`${name} needs maintenance`, 'warning'];
  return undefined;
}
