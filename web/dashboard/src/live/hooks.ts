// What components ask of the connection. Each is told only of what it asked for.

import type { ConnectionState, OutboxEntry } from '@caresync/client';
import type { CareSyncState, Entities, Kind } from '@caresync/client/store';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';

import type { Live } from './live';
import type { Person } from './people';
import type { Standing } from './trust';

/** Set by `LiveProvider`. */
export const LiveContext = createContext<Live | undefined>(undefined);

/** The live state of this session. Only below `LiveProvider`. */
export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive needs a LiveProvider above it');
  return live;
}

/** What `select` takes from the state. Compared field by field, so it may be a new array or object of the same things. */
export function useShown<T>(select: (state: CareSyncState) => T): T {
  return useStore(useLive().shown, useShallow(select));
}

/** One thing; nothing where it is unknown or gone. */
export function useThing<K extends Kind>(kind: K, id: string | null | undefined): Entities[K] | undefined {
  return useStore(useLive().shown, (state) => (id == null ? undefined : (state.things[kind][id] as Entities[K] | undefined)));
}

/** All things of a kind, in no order. The same array until one of them changes. */
export function useThings<K extends Kind>(kind: K): Entities[K][] {
  const things = useStore(useLive().shown, (state) => state.things[kind]);
  return useMemo(() => Object.values(things) as Entities[K][], [things]);
}

/** Whether a change of this thing, made here, is not answered yet. */
export function useIsPending(kind: Kind, id: string): boolean {
  return useStore(useLive().shown, ({ pending }) => pending.some((it) => it.kind === kind && it.id === id));
}

/** How the connection does. */
export function useConnection(): ConnectionState {
  return useStore(useLive().shown, ({ connection }) => connection);
}

/** Whether what is shown is how things are. */
export function useStanding(): Standing {
  const { trust } = useLive();
  return useSyncExternalStore(trust.subscribe, () => trust.standing);
}

/** Whether what is shown cannot be trusted. Told only when that changes, not as it grows older. */
export function useIsStale(): boolean {
  const { trust } = useLive();
  return useSyncExternalStore(trust.subscribe, () => trust.standing.state === 'stale');
}

/** Whether newer windows of the same person have taken this one's place: it does not come back by itself. */
export function useIsReplaced(): boolean {
  const { trust } = useLive();
  return useSyncExternalStore(trust.subscribe, () => trust.isReplaced);
}

/** Who is here. */
export function usePeople(): readonly Person[] {
  const { people } = useLive();
  return useSyncExternalStore(people.watch, () => people.present);
}

/** Changes made here that wait for the gateway, or were not sent. */
export function useOutbox(): readonly OutboxEntry[] {
  const { outbox } = useLive();
  return useSyncExternalStore(outbox.watch, () => outbox.entries);
}

/** What `read` says of the gateway's time, looked at once a second. Told only when the answer changes. */
export function useByTime<T extends string | number | boolean | undefined>(read: (now_ms: number | undefined) => T): T {
  const { ticker, clock } = useLive();
  return useSyncExternalStore(ticker.watch, () => read(clock.now_ms));
}
