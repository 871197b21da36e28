// What the page of the endpoints puts first, and what it asks of the gateway.

import { describe, expect, it } from 'vitest';

import { byNeed, canReplay, type Endpoint, headOf, hostOf, isAdded, lastFailure, newsOf, takesReplays, toneOfOutcome, whyDead, whyTried } from '../../src/pages/endpoints/endpoints';
import {
  editBody,
  newBody,
  replayBody,
  type ReplayValues,
  valuesOf,
  wrongBearer,
  wrongCursor,
  wrongId,
  wrongRate,
  wrongReplay,
  wrongUrl,
} from '../../src/pages/endpoints/forms';

const endpoint = (id: string, more: Partial<Endpoint> = {}): Endpoint => ({
  id,
  url: 'https://emr.clinic.lan:9000/hooks/secret-path',
  kind: 'standard',
  events: ['room:*', 'task:created'],
  rooms: [],
  urgency: ['urgent'],
  payload: 'thin',
  enabled: true,
  rate_per_s: 1000,
  kept_in: 'store',
  state: 'active',
  cursor: 'k3f9:4711',
  lag_events: 0,
  attempts: 0,
  dead_letters: 0,
  old_secrets_end_at: [],
  revision: 3,
  ...more,
});

describe('the list', () => {
  it('puts those that need somebody first', () => {
    const all = [
      endpoint('off', { state: 'off' }),
      endpoint('b'),
      endpoint('a'),
      endpoint('dead', { dead_letters: 2 }),
      endpoint('failing', { state: 'failing' }),
      endpoint('ended', { state: 'ended' }),
    ];
    expect(all.sort(byNeed).map(({ id }) => id)).toEqual(['ended', 'failing', 'dead', 'a', 'b', 'off']);
  });

  it('shows the host of an address only', () => {
    expect(hostOf(endpoint('a').url)).toBe('emr.clinic.lan:9000');
    expect(hostOf('nonsense')).toBe('nonsense');
  });
});

describe('an endpoint', () => {
  it('is changed here only if it was added here', () => {
    expect(isAdded(endpoint('a'))).toBe(true);
    expect(isAdded(endpoint('a', { kept_in: 'configuration' }))).toBe(false);
  });

  it('takes events again while it is sent anything', () => {
    const states = (['active', 'failing', 'off', 'ended'] as const).filter((state) => takesReplays(endpoint('a', { state })));
    expect(states).toEqual(['active', 'failing']);
  });

  it('knows where the journal is from how much waits', () => {
    expect(headOf(endpoint('a', { lag_events: 12 }))).toBe('k3f9:4723');
    expect(headOf(endpoint('a', { cursor: 'k3f9' }))).toBeUndefined();
  });
});

describe('why', () => {
  it('reads a status, a word that it knows, and leaves any other as it is', () => {
    expect(whyDead('status 410')).toEqual({ status: 410 });
    expect(whyDead('timed_out')).toEqual({ error: 'timed_out' });
    expect(whyDead('7 events are gone')).toEqual({ text: '7 events are gone' });
    expect(whyTried({ status: 500, error: null })).toEqual({ status: 500 });
    expect(whyTried({ status: null, error: 'unreached' })).toEqual({ error: 'unreached' });
  });

  it('finds the newest try that failed, and promises nothing of an outcome that it does not know', () => {
    const tried = (outcome: string) => ({ at: '', webhook_id: outcome, type: 'room:updated', outcome, duration_ms: 1 });
    expect(lastFailure([tried('delivered'), tried('failed'), tried('gone')])?.outcome).toBe('failed');
    expect(lastFailure([tried('delivered')])).toBeUndefined();
    expect(toneOfOutcome('postponed')).toBe('unknown');
  });

  it('offers nothing again that the journal has lost', () => {
    const letter = { seq: 7, at: '', attempts: 1, outcome: 'status 400' };
    expect(canReplay({ ...letter, type: 'room:updated' })).toBe(true);
    expect(canReplay({ ...letter, type: 'journal:trimmed' })).toBe(false);
  });
});

describe('news', () => {
  const alarm = (id: string, subject: string, cleared_at: string | null = null) => ({ id, cause: 'dead_letters' as const, subject, cleared_at });

  it('comes with each alarm about this endpoint that comes or goes, and with no other', () => {
    const before = newsOf([alarm('1', 'emr'), alarm('2', 'phones')], 'emr');
    expect(newsOf([alarm('1', 'emr'), alarm('2', 'phones', '2026-02-06T14:30:00Z')], 'emr')).toBe(before);
    expect(newsOf([alarm('1', 'emr', '2026-02-06T14:30:00Z')], 'emr')).not.toBe(before);
    expect(newsOf([alarm('1', 'emr'), alarm('3', 'emr')], 'emr')).not.toBe(before);
    expect(newsOf([{ ...alarm('1', 'emr'), cause: 'camera_lost' as never }], 'emr')).toBe('');
  });
});

describe('the form of an endpoint', () => {
  it('refuses what the gateway would refuse', () => {
    expect([wrongId('emr-1'), wrongId('the emr'), wrongId('')]).toEqual([undefined, 'id', 'id']);
    for (const good of ['http://10.0.0.7:9000/hook?x=1', ' https://emr.clinic.lan ', 'http://[::1]:80/']) expect(wrongUrl(good), good).toBeUndefined();
    for (const bad of ['', 'ftp://a/', 'emr.lan', 'http://user:word@a/', 'http://a/#f', 'http://a b/', `http://a/${'x'.repeat(512)}`]) {
      expect(wrongUrl(bad), bad).toBe('url');
    }
    expect([wrongRate(1), wrongRate(10_000), wrongRate(0), wrongRate(1.5), wrongRate('')]).toEqual([undefined, undefined, 'rate', 'rate', 'rate']);
    expect([wrongCursor('k3f9:4711'), wrongCursor('4711'), wrongCursor('k3f9:')]).toEqual([undefined, 'after', 'after']);
  });

  it('wants a token for OpenClaw when it is new, and none again', () => {
    expect(wrongBearer('', 'openclaw', true)).toBe('bearer');
    expect(wrongBearer('', 'openclaw', false)).toBeUndefined();
    expect(wrongBearer('', 'standard', true)).toBeUndefined();
    expect(wrongBearer('two words', 'standard', true)).toBe('bearer');
  });

  it('begins at the newest event unless a cursor is chosen, and never sends an empty token', () => {
    const values = { ...valuesOf(), id: ' emr ', url: ' http://emr.lan/ ', after: 'k3f9:1' };
    expect(newBody(values)).toEqual({
      id: 'emr',
      url: 'http://emr.lan/',
      kind: 'standard',
      events: [],
      rooms: [],
      urgency: [],
      payload: 'thin',
      enabled: true,
      rate_per_s: 1000,
    });
    expect(newBody({ ...values, start: 'after' })).toMatchObject({ after: 'k3f9:1' });
  });

  it('tells agents and phones no more than ids, whatever was chosen before', () => {
    expect(newBody({ ...valuesOf(), kind: 'ntfy', payload: 'full' }).payload).toBe('thin');
    expect(newBody({ ...valuesOf(), kind: 'standard', payload: 'full' }).payload).toBe('full');
  });

  it('names only what changes', () => {
    const before = endpoint('a');
    expect(editBody(before, valuesOf(before))).toEqual({});
    expect(editBody(before, { ...valuesOf(before), events: ['task:created', 'room:*'] })).toEqual({});
    expect(editBody(before, { ...valuesOf(before), urgency: [], enabled: false, bearer: 'token' })).toEqual({ urgency: [], enabled: false, bearer: 'token' });
  });
});

describe('a replay', () => {
  const values = (more: Partial<ReplayValues>): ReplayValues => ({ by: 'seq', seq: '', from_seq: '', to_seq: '', since: '', until: '', ...more });

  it('asks for one event, a stretch or a time, and leaves open ends open', () => {
    expect(replayBody(values({ seq: 7, from_seq: 1 }))).toEqual({ seq: 7 });
    expect(replayBody(values({ by: 'range', from_seq: 5, seq: 7 }))).toEqual({ from_seq: 5 });
    expect(replayBody(values({ by: 'range', from_seq: 5, to_seq: 9 }))).toEqual({ from_seq: 5, to_seq: 9 });
    const since = '2026-02-06T14:30';
    expect(replayBody(values({ by: 'time', since }))).toEqual({ since: new Date(since).toISOString() });
  });

  it('says which end is wrong', () => {
    expect(wrongReplay(values({}))).toEqual({ field: 'seq', wrong: 'seq' });
    expect(wrongReplay(values({ seq: 7 }))).toBeUndefined();
    expect(wrongReplay(values({ by: 'range' }))).toEqual({ field: 'from_seq', wrong: 'nothing' });
    expect(wrongReplay(values({ by: 'range', from_seq: 9, to_seq: 5 }))).toEqual({ field: 'to_seq', wrong: 'order' });
    expect(wrongReplay(values({ by: 'range', to_seq: 5 }))).toBeUndefined();
    expect(wrongReplay(values({ by: 'time' }))).toEqual({ field: 'since', wrong: 'nothing' });
    expect(wrongReplay(values({ by: 'time', since: '2026-02-06T14:30', until: '2026-02-06T14:00' }))).toEqual({ field: 'until', wrong: 'order' });
    expect(wrongReplay(values({ by: 'time', until: '2026-02-06T14:00' }))).toBeUndefined();
  });
});
