// What a way to the hub is: something that opens, brings frames, and ends.

import type { Frame } from '../events.js';
import type { StreamQuery } from '../following.js';
import type { Rest } from '../rest.js';

/**
 * The part of `WebSocket` that is used: that of browsers, Node 22, React Native and the package `ws`. Each has its own types of
 * events, none of which fits another's.
 */
export interface WebSocketLike {
  readonly readyState: number;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** Makes one. */
export type WebSocketMaker = new (url: string) => WebSocketLike;

/** What a transport opens with. */
export interface Dial {
  url: string;
  rest: Rest;
  WebSocket: WebSocketMaker | undefined;
  /** Goes into the address where there is no proof: the open demo tells visitors apart by it. */
  who: { userId?: string | undefined; doctorId?: string | undefined };
  /** What a stream or a poll asks for, as of now. */
  query(): StreamQuery;
}

/** Why a connection ended. */
export interface Closed {
  /** A close code of the hub, or 1006. */
  code: number;
  reason: string;
  /** This transport does not work on this platform at all. */
  isImpossible?: boolean;
}

/** Whom a transport tells. */
export interface Sink {
  /** Something came, if only a sign of life. */
  heard(): void;
  frame(frame: Frame): void;
  /** Everything up to this cursor has come. */
  reached(cursor: string): void;
  /** The end; nothing comes after it. */
  closed(why: Closed): void;
}

/** An open connection. */
export interface Link {
  /** Sends a frame. Absent where only the gateway speaks. */
  send?(frame: object): void;
  /** Asks anew, because other channels are followed now. Absent where `send` does that. */
  restart?(): void;
  /** How long it may be silent before it counts as lost, in milliseconds; absent where pings find out. */
  readonly silenceMax_ms?: number;
  /** Ends it. The sink hears nothing more. */
  close(): void;
}

/** A way to the hub. */
export interface Transport {
  readonly name: string;
  open(dial: Dial, sink: Sink): Link;
}

/** The connection ended, and nobody said why. */
export const LOST: Closed = { code: 1006, reason: 'the connection was lost' };

/** What an HTTP status says about a connection: 401 is the hub's 4401, and so on. */
export function closedBy(status: number): Closed {
  return { code: 4000 + status, reason: `the gateway answered ${status}` };
}

/** The text as a frame; nothing where it is none, which a newer gateway may have reasons for. */
export function parse(text: unknown): Frame | undefined {
  try {
    const frame = JSON.parse(String(text)) as Frame | null;
    return typeof frame?.type === 'string' ? frame : undefined;
  } catch {
    return undefined;
  }
}
