// What a client tells its handlers: the frames of the gateway, and what happens to the connection itself.

import type { ServerFrame } from '../generated/frames.js';
import type { OutboxEntry } from './outbox.js';

/** The connection was lost, or ended. */
export interface Disconnected {
  type: 'disconnected';
  /** `code` is a close code of the hub (docs/hub.md), or 1006 where nobody said why. */
  data: { code: number; reason: string };
  timestamp: string;
}

/** The client does not come back by itself: somebody has to act, then call `connect`. */
export interface ReconnectFailed {
  type: 'reconnect_failed';
  /** 4401: log in again. 4403: an admin ended the connection. 4409: too many windows are open. */
  data: { code: number; reason: string };
  timestamp: string;
}

/** Something of the queue of changes has moved on. */
export interface OutboxMoved {
  type: 'outbox';
  data: OutboxEntry;
  timestamp: string;
}

/** Everything that handlers can be told. */
export type ClientEvent = ServerFrame | Disconnected | ReconnectFailed | OutboxMoved;

/** The types of all that. */
export type EventType = ClientEvent['type'];

/** The event of this type; of a type that this client does not know yet, what every frame has. */
export type EventOf<T extends string> = T extends EventType
  ? Extract<ClientEvent, { type: T }>
  : T extends '*'
    ? ClientEvent
    : UnknownFrame;

/** A frame of a newer gateway. */
export interface UnknownFrame {
  type: string;
  // What a newer gateway says has a shape that only its reader knows.
  data: any;
  timestamp: string;
  room?: string;
  seq?: number;
}

/** A frame before anybody has looked at its type. */
export interface Frame {
  type: string;
  data?: unknown;
  timestamp?: string;
  room?: string;
  seq?: number;
  epoch?: string;
  id?: string | number;
  recovered?: boolean;
  replay?: boolean;
}

/** An event of the connection itself, by this machine's clock. */
export function local<T extends 'disconnected' | 'reconnect_failed' | 'outbox'>(
  type: T,
  data: EventOf<T>['data'],
): ClientEvent {
  return { type, data, timestamp: new Date().toISOString() } as ClientEvent;
}
