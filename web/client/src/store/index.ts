/**
 * The state of the clinic as one store: what the gateway says, what was changed here and is not answered yet, and what
 * each person prefers to see.
 */

import { current, type Draft } from 'immer';
import { createJSONStorage, persist } from 'zustand/middleware';
import { immer } from 'zustand/middleware/immer';
import { createStore, type StoreApi } from 'zustand/vanilla';

import type { CareSyncClient } from '../core/client.js';
import type { ConnectionState } from '../core/connection.js';
import { channelOf, type Entities, type Identified, inSnapshot, isGone, type Kind, kindOf } from '../core/entities.js';
import type { UnknownFrame } from '../core/events.js';
import { newId } from '../core/id.js';
import type { Mutation } from '../core/outbox.js';
import type { Answer } from '../core/rest.js';
import { memoryStorage, type Storage } from '../core/storage.js';
import type { Snapshot } from '../generated/frames.js';

export type { Entities, Kind } from '../core/entities.js';

/** What a person prefers to see. Kept on this machine, and no fact about the clinic. */
export interface Preferences {
  theme: 'system' | 'light' | 'dark';
  language: string;
  /** What else an application keeps, by its own names. */
  more: Record<string, string | number | boolean>;
}

/** All things of each kind, by id. */
export type Things = { [K in Kind]: Record<string, Entities[K]> };

/** What is not answered yet: how a thing will look. */
interface Pending {
  key: string;
  kind: Kind;
  id: string;
  patch: object;
}

/** What the store holds. */
export interface CareSyncState {
  /** What the gateway has said. */
  confirmed: Things;
  /** The same, with what was changed here and is not answered yet. This is what people see. */
  things: Things;
  pending: Pending[];
  connection: ConnectionState;
  preferences: Preferences;
}

/** A change of one thing. */
export interface Change<K extends Kind> extends Mutation {
  kind: K;
  id: string;
  /** How it will look when it is done. */
  optimistic: Partial<Entities[K]>;
}

/** What the store does. */
export interface CareSyncStore extends StoreApi<CareSyncState> {
  /** Follows these kinds, and keeps the store true until what it returns is called. */
  follow(...kinds: Kind[]): () => void;
  /** Shows a change at once, sends it, and takes it back when it is refused or not sent. */
  change<K extends Kind>(change: Change<K>): Promise<Answer<unknown>>;
  prefer(preferences: Partial<Preferences>): void;
}

/** The name under which preferences are kept. */
const PREFERENCES_NAME = 'caresync:preferences';

const nothing = (): Things => ({
  rooms: {},
  equipment: {},
  actions: {},
  tasks: {},
  alarms: {},
  cameras: {},
  devices: {},
});

/** Makes the store of a client. Preferences survive a reload in `storage` (a page: `localStorage`). */
export function createCareSyncStore(client: CareSyncClient, storage: Storage = memoryStorage()): CareSyncStore {
  const store = createStore<CareSyncState>()(
    persist(
      immer((): CareSyncState => ({
        confirmed: nothing(),
        things: nothing(),
        pending: [],
        connection: client.getState(),
        preferences: { theme: 'system', language: 'en', more: {} },
      })),
      {
        name: PREFERENCES_NAME,
        version: 1,
        storage: createJSONStorage(() => storage as never),
        // Nothing about the clinic stays on this machine.
        partialize: ({ preferences }) => ({ preferences }),
      },
    ),
  );
  const edit = (recipe: (draft: Draft<CareSyncState>) => void) => store.setState(recipe as never);
  return {
    ...store,
    follow: (...kinds) => follow(client, kinds, edit),
    change: (change) => send(client, change, edit),
    prefer: (preferences) => edit((draft) => void Object.assign(draft.preferences, preferences)),
  };
}

type Edit = (recipe: (draft: Draft<CareSyncState>) => void) => void;

function follow(client: CareSyncClient, kinds: Kind[], edit: Edit): () => void {
  const onEvent = (event: UnknownFrame) => edit((draft) => take(draft, event));
  const connection = client.getState();
  edit((draft) => void (draft.connection = connection));
  const ends = [
    client.on('*', onEvent as never),
    client.watchState(() => edit((draft) => void (draft.connection = client.getState()))),
  ];
  const rooms = [...new Set(kinds.map(channelOf))];
  rooms.forEach((room) => client.subscribe(room, { snapshot: true }));
  return () => {
    ends.forEach((end) => end());
    rooms.forEach((room) => client.unsubscribe(room));
  };
}

/** Shows what a snapshot or an event says. */
function take(draft: Draft<CareSyncState>, { type, data }: UnknownFrame): void {
  if (type === 'snapshot') {
    for (const kind of Object.keys(draft.confirmed) as Kind[]) {
      const all: Identified[] | undefined = inSnapshot(data as Snapshot, kind);
      if (!all) continue;
      // Plain objects throughout: a draft of each of thousands of things would hold up the page.
      const pending = current(draft.pending).filter((it) => it.kind === kind);
      draft.confirmed[kind] = Object.fromEntries(all.map((thing) => [thing.id, thing])) as never;
      draft.things[kind] = Object.fromEntries(all.map((thing) => [thing.id, patched(thing, pending)])) as never;
    }
    return;
  }
  const kind = kindOf(type);
  if (kind) confirm(draft, kind, isGone(type, data) ? undefined : data, (data as Identified).id);
}

function confirm(draft: Draft<CareSyncState>, kind: Kind, thing: unknown, id: string): void {
  const confirmed = draft.confirmed[kind] as Record<string, unknown>;
  if (thing === undefined) delete confirmed[id];
  else confirmed[id] = thing;
  show(draft, kind, id);
}

/** The thing with what was changed here and is not answered yet. */
function patched(thing: Identified, pending: readonly Pending[]): Identified {
  const patches = pending.filter(({ id }) => id === thing.id).map(({ patch }) => patch);
  return patches.length === 0 ? thing : Object.assign({}, thing, ...patches);
}

/** What people see of a thing: what the gateway has said, and over it what is not answered yet. */
function show(draft: Draft<CareSyncState>, kind: Kind, id: string): void {
  const [confirmed, things] = [draft.confirmed[kind], draft.things[kind]] as Record<string, object>[];
  const thing = confirmed?.[id];
  if (!things) return;
  if (!thing) delete things[id];
  else {
    const patches = draft.pending.filter((it) => it.kind === kind && it.id === id).map(({ patch }) => patch);
    things[id] = Object.assign({}, thing, ...patches);
  }
}

async function send<K extends Kind>(client: CareSyncClient, change: Change<K>, edit: Edit): Promise<Answer<unknown>> {
  const { kind, id, optimistic, ...mutation } = change;
  const key = newId();
  edit((draft) => {
    draft.pending.push({ key, kind, id, patch: optimistic });
    show(draft, kind, id);
  });
  let answered: Identified | undefined;
  try {
    const answer = await client.mutate(mutation);
    answered = thingOf(answer.body);
    return answer;
  } finally {
    edit((draft) => {
      draft.pending = draft.pending.filter((it) => it.key !== key);
      const known = (draft.confirmed[kind] as Record<string, unknown>)[id];
      if (answered?.id === id && isNewer(answered, known)) confirm(draft, kind, answered, id);
      else show(draft, kind, id);
    });
  }
}

/** The thing of an answer like `{"room": {…}}`. */
function thingOf(body: unknown): Identified | undefined {
  const values = body && typeof body === 'object' ? Object.values(body) : [];
  return values.find((it): it is Identified => typeof it?.id === 'string');
}

/** An event may have overtaken the answer, and say more. */
function isNewer(answered: unknown, known: unknown): boolean {
  const revision = (thing: unknown) => (thing as { revision?: number } | undefined)?.revision ?? -1;
  return revision(answered) > revision(known);
}
