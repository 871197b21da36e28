// What is shown is marked as old as soon as nothing is heard, whatever the clock of this machine says.

import { describe, expect, it } from 'vitest';

import { ServerClock } from '../../src/live/clock';
import { type Heard, Trust } from '../../src/live/trust';

/** A client whose connection the test moves. */
function connection(transport = 'websocket') {
  const handlers = new Map<string, (event: never) => void>();
  const state = { isConnected: true, silent_ms: 0 as number | undefined };
  const client = {
    transport,
    isConnected: () => state.isConnected,
    get silent_ms() {
      return state.isConnected ? state.silent_ms : undefined;
    },
    on: (type: string, handler: (event: never) => void) => {
      handlers.set(type, handler);
      return () => handlers.delete(type);
    },
    watchState: () => () => true,
  } as unknown as Heard;
  const say = (type: string, data: unknown = {}) => handlers.get(type)?.({ data } as never);
  return { client, state, say };
}

describe('trust', () => {
  it('is not claimed before anything has come', () => {
    const { client } = connection();
    const trust = new Trust(client, () => 0);
    trust.watch()();
    trust.look();
    expect(trust.standing).toEqual({ state: 'first', age_s: 0 });
  });

  it('lasts as long as the gateway is heard, and then grows old by the second', () => {
    let now_ms = 0;
    const { client, state, say } = connection();
    const trust = new Trust(client, () => now_ms);
    const end = trust.watch();
    say('subscribed');
    expect(trust.standing.state).toBe('live');
    // Twenty silent seconds while the client still hopes.
    [now_ms, state.silent_ms] = [20_000, 20_000];
    trust.look();
    expect(trust.standing.state).toBe('live');
    state.isConnected = false;
    trust.look();
    expect(trust.standing).toEqual({ state: 'stale', age_s: 20 });
    now_ms = 23_000;
    trust.look();
    expect(trust.standing).toEqual({ state: 'stale', age_s: 23 });
    end();
  });

  it('comes back when what was missed has come, not with the connection alone', () => {
    let now_ms = 0;
    const { client, state, say } = connection();
    const trust = new Trust(client, () => now_ms);
    const end = trust.watch();
    say('subscribed');
    state.isConnected = false;
    trust.look();
    [now_ms, state.isConnected, state.silent_ms] = [5_000, true, 0];
    trust.look();
    expect(trust.standing).toEqual({ state: 'stale', age_s: 5 });
    say('subscribed');
    expect(trust.standing).toEqual({ state: 'live', age_s: 0 });
    end();
  });

  it('comes back with the connection on a stream, which says nothing of its own', () => {
    const { client, state } = connection('sse');
    const trust = new Trust(client, () => 0);
    trust.look();
    expect(trust.standing.state).toBe('live');
    state.isConnected = false;
    trust.look();
    expect(trust.standing.state).toBe('stale');
  });

  it('knows that newer windows have taken its place, until it is connected again', () => {
    const { client, say } = connection();
    const trust = new Trust(client, () => 0);
    const end = trust.watch();
    say('reconnect_failed', { code: 4409 });
    expect(trust.isReplaced).toBe(true);
    say('connected');
    expect(trust.isReplaced).toBe(false);
    end();
  });

  it('tells its watchers of each change, and of nothing else', () => {
    const { client, state, say } = connection();
    const trust = new Trust(client, () => 0);
    const end = trust.watch();
    let told = 0;
    trust.subscribe(() => (told += 1));
    say('subscribed');
    trust.look();
    expect(told).toBe(1);
    state.isConnected = false;
    trust.look();
    expect(told).toBe(2);
    end();
  });
});

describe('the clock of the gateway', () => {
  it('is set by frames and goes on by what has elapsed', () => {
    let elapsed_ms = 1_000;
    const clock = new ServerClock(() => elapsed_ms);
    expect(clock.now_ms).toBeUndefined();
    expect(clock.age_ms('2026-02-06T14:29:00.000Z')).toBeUndefined();
    clock.heard('2026-02-06T14:30:00.000Z');
    elapsed_ms += 5_000;
    expect(clock.now_ms).toBe(Date.parse('2026-02-06T14:30:05.000Z'));
    expect(clock.age_ms('2026-02-06T14:29:00.000Z')).toBe(65_000);
  });

  it('believes the frame that came quickest', () => {
    let elapsed_ms = 0;
    const clock = new ServerClock(() => elapsed_ms);
    clock.heard('2026-02-06T14:30:00.000Z');
    // This one was on its way for three seconds.
    elapsed_ms = 10_000;
    clock.heard('2026-02-06T14:30:07.000Z');
    expect(clock.now_ms).toBe(Date.parse('2026-02-06T14:30:10.000Z'));
  });

  it('begins anew with each connection, and makes nothing younger than now', () => {
    const clock = new ServerClock(() => 0);
    clock.heard('2026-02-06T15:30:00.000Z');
    clock.reset();
    clock.heard('2026-02-06T14:30:00.000Z');
    expect(clock.now_ms).toBe(Date.parse('2026-02-06T14:30:00.000Z'));
    expect(clock.age_ms('2026-02-06T14:31:00.000Z')).toBe(0);
  });

  it('hears nothing in what is no time', () => {
    const clock = new ServerClock(() => 0);
    clock.heard('soon');
    expect(clock.now_ms).toBeUndefined();
  });
});
