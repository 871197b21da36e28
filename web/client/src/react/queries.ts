// The REST door through TanStack Query: lists that live events keep fresh, and changes that show before they are answered.

import {
  type QueryKey,
  useMutation,
  type UseMutationResult,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useEffect } from 'react';

import type { CareSyncClient } from '../core/client.js';
import { channelOf, type Entities, inSnapshot, isGone, type Kind, kindOf, upserted, without } from '../core/entities.js';
import type { UnknownFrame } from '../core/events.js';
import type { Mutation } from '../core/outbox.js';
import type { Answer } from '../core/rest.js';
import type { Snapshot } from '../generated/frames.js';
import { follow } from './following.js';
import { useWebSocketClient } from './hooks.js';

/** Kinds that the REST door lists. */
export type ListedKind = Exclude<Kind, 'cameras'>;

/** Pages of a list, of 500 each: beyond that is a mistake, and not a clinic. */
const PAGES_MAX = 100;

/** The key of a kind's list in the cache of queries. */
export function entitiesKey(kind: Kind): QueryKey {
  return ['caresync', kind];
}

/** All of a kind, kept fresh by events as long as the component is mounted. */
export function useEntities<K extends ListedKind>(kind: K): UseQueryResult<Entities[K][]> {
  const client = useWebSocketClient();
  useLive(client, kind);
  return useQuery({
    queryKey: entitiesKey(kind),
    queryFn: ({ signal }) => listed(client as CareSyncClient, kind, signal),
    enabled: client !== undefined,
    // Events tell what is new; asking again on a timer or a focus would only cost.
    staleTime: Infinity,
  });
}

async function listed<K extends Kind>(client: CareSyncClient, kind: K, signal: AbortSignal): Promise<Entities[K][]> {
  const all: Entities[K][] = [];
  let cursor = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const path = `/api/${kind}?limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const { body } = await client.request<Record<string, unknown>>('GET', path, { signal });
    all.push(...(body[kind] as Entities[K][]));
    if (body.next_cursor === undefined) break;
    cursor = String(body.next_cursor);
  }
  return all;
}

/** Puts what snapshots and events say into the cache. A list that was asked for before they came is asked for again. */
function useLive(client: CareSyncClient | undefined, kind: Kind): void {
  const cache = useQueryClient();
  useEffect(() => {
    if (!client) return undefined;
    const queryKey = entitiesKey(kind);
    const onEvent = (event: UnknownFrame) => {
      const isSnapshot = event.type === 'snapshot';
      const all = isSnapshot ? inSnapshot(event.data as Snapshot, kind) : undefined;
      if (!all && kindOf(event.type) !== kind) return;
      const isAsking = cache.isFetching({ queryKey }) > 0;
      cache.setQueryData<Entities[Kind][]>(queryKey, (before) => all ?? (before && put(before, event)));
      if (isAsking) void cache.invalidateQueries({ queryKey });
    };
    const unlisten = client.on('*', onEvent as never);
    // With the snapshot, nothing can happen unseen between the list and the subscription.
    const unfollow = follow(client, channelOf(kind), { snapshot: true });
    return () => [unfollow, unlisten].forEach((end) => end());
  }, [client, kind, cache]);
}

function put(before: Entities[Kind][], { type, data }: UnknownFrame): Entities[Kind][] {
  return isGone(type, data) ? without(before, data.id) : upserted(before, data as Entities[Kind]);
}

/** A change of one thing of a kind. */
export interface EntityChange<K extends Kind> extends Mutation {
  /** Which. */
  id: string;
  /** How it will look when it is done: shown at once, taken back when the gateway refuses. */
  optimistic?: Partial<Entities[K]>;
}

/**
 * Changes a thing of a kind. What is `optimistic` shows at once; a refusal (412: somebody else was first) takes it back and
 * asks for what is true. A change that waits for the gateway stays shown until it is sent, or expires.
 */
export function useEntityMutation<K extends ListedKind>(
  kind: K,
): UseMutationResult<Answer<unknown>, Error, EntityChange<K>> {
  const client = useWebSocketClient();
  const cache = useQueryClient();
  const queryKey = entitiesKey(kind);
  return useMutation({
    // The queue of the client decides what waits, not the mutation's own.
    networkMode: 'always',
    mutationFn: ({ id: _, optimistic: __, ...mutation }: EntityChange<K>) => {
      if (!client) throw new Error('there is no client: call initializeWebSocket first');
      return client.mutate(mutation);
    },
    onMutate: ({ id, optimistic }) => {
      const cached = () => cache.getQueryData<Entities[K][]>(queryKey)?.find((it) => it.id === id);
      const before = cached();
      if (!before || !optimistic) return undefined;
      cache.setQueryData<Entities[K][]>(queryKey, (all) => all && upserted(all, { ...before, ...optimistic }));
      // The cache keeps a copy of its own.
      return { before, shown: cached() };
    },
    onError: (_error, { id }, made) => {
      if (!made) return;
      cache.setQueryData<Entities[K][]>(queryKey, (all) => {
        // What an event said meanwhile is truer than what was there before.
        const isOurs = all?.find((it) => it.id === id) === made.shown;
        return all && isOurs ? upserted(all, made.before) : all;
      });
      void cache.invalidateQueries({ queryKey });
    },
  });
}
