// The one connection of this page, and what it knows of the clinic.

import { type CareSyncClient, initializeWebSocket } from '@caresync/client';
import { type CareSyncState, type CareSyncStore, createCareSyncStore } from '@caresync/client/store';

import { endSession, renewSession, type Session, useSession } from '../session/session';
import { ServerClock } from './clock';
import { framed, type Readable } from './framed';
import { People } from './people';
import { Ticker } from './ticker';
import { REPLACED, Trust } from './trust';
import { Unsent } from './unsent';

/** Everything that lives as long as a session. */
export interface Live {
  client: CareSyncClient;
  /** Changes go in here. */
  store: CareSyncStore;
  /** What is shown: the store, once a picture. */
  shown: Readable<CareSyncState>;
  clock: ServerClock;
  trust: Trust;
  people: People;
  /** Changes that the gateway has not answered. */
  outbox: Unsent;
  ticker: Ticker;
  stop(): void;
}

/** Events of the client itself: their time is this machine's. */
const OWN_EVENTS = new Set(['disconnected', 'reconnect_failed', 'outbox']);

/** The close code for that an admin has ended the connection. */
const REMOVED = 4403;

/** How long a wall screen that was replaced waits before it connects again, in milliseconds: nobody is there to do it. */
const WALL_AGAIN_MS = 60_000;

/** What did not come back by itself: too many windows is for the banner to say, all else is for the login page. */
function giveUp(code: number, client: CareSyncClient, isWall: boolean): void {
  if (code !== REPLACED) endSession(code === REMOVED ? 'removed' : 'ended');
  else if (isWall) setTimeout(() => client.connect(), WALL_AGAIN_MS);
}

/** The page was made for one role; the gateway says by which it answers. */
function followRole(role: string): void {
  if (useSession.getState().session?.role === role) return;
  // Unanswered, it is asked again with the next connection; refused, the next request ends the session.
  void renewSession().catch(() => undefined);
}

/** Connects as whoever the session proves, and stays connected. */
export function startLive(session: Session): Live {
  const { user } = session;
  const client = initializeWebSocket(location.origin, user?.id, user?.doctor_id ?? undefined, {
    // Read anew each time: a session that has ended proves nothing.
    getToken: () => useSession.getState().session?.token,
  });
  const clock = new ServerClock();
  const people = new People();
  const store = createCareSyncStore(client);
  const trust = new Trust(client);
  const outbox = new Unsent(client);
  const ends = [
    client.on('*', (event) => {
      if (OWN_EVENTS.has(event.type)) return;
      if (event.type === 'connected') clock.reset();
      // What is sent again has the time at which it happened.
      if (!('replay' in event && event.replay)) clock.heard(event.timestamp);
      people.take(event);
      if (event.type === 'connected' || event.type === 'resync') followRole(event.data.role);
    }),
    client.on('disconnected', () => people.leave()),
    client.on('reconnect_failed', ({ data }) => giveUp(data.code, client, !user)),
    trust.watch(),
    outbox.follow(),
  ];
  client.subscribe('facility', { presence: true });
  ends.push(store.follow('rooms', 'equipment', 'actions', 'tasks', 'alarms', 'cameras', 'devices'));
  const stop = () => {
    ends.forEach((end) => end());
    client.disconnect();
  };
  return { client, store, shown: framed(store), clock, trust, people, outbox, ticker: new Ticker(), stop };
}
