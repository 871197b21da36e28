// What the page of the system puts first, and what it says helps.

import { NotSentError, ProblemError } from '@caresync/client';
import { describe, expect, it } from 'vitest';

import { partsOf, toneOfPart } from '../../src/admin/health';
import { byLag, type Connection, isBehind, shortDevice } from '../../src/pages/system/connections';
import { isKnown, needing, PARTS, placeOf } from '../../src/pages/system/parts';
import { healthOf } from '../../src/pages/system/useHealth';
import { PAGES } from '../../src/routes';

const connection = (client_id: string, more: Partial<Connection> = {}): Connection => ({
  client_id,
  kind: 'websocket',
  role: 'nurse',
  address: '10.0.0.7',
  since: '2026-02-06T14:30:00Z',
  last_activity: '2026-02-06T14:31:00Z',
  channels: ['facility'],
  lag_events: 0,
  lag_bytes: 0,
  ...more,
});

describe('parts', () => {
  it('puts those that need somebody first', () => {
    const parts = partsOf({ status: 'degraded', components: { agent: { status: 'ok' }, mqtt: { status: 'degraded' } } });
    expect(parts.map(([name]) => name)).toEqual(['mqtt', 'agent']);
  });

  it('says what helps only where something is wrong', () => {
    expect(needing('mqtt', { status: 'degraded' })).toBe('mqtt');
    expect(needing('mqtt', { status: 'ok' })).toBeUndefined();
  });

  it('shows a part and a status that it does not know, and promises nothing about them', () => {
    expect(isKnown('gpu')).toBe(false);
    expect(needing('gpu', { status: 'degraded' })).toBeUndefined();
    expect(placeOf('gpu')).toBeUndefined();
    expect(toneOfPart('melting')).toBe('unknown');
  });
});

describe('places', () => {
  it('sends nobody to a page that is not there', () => {
    const paths = PAGES.map(({ path }) => path);
    for (const place of PARTS.map(placeOf).filter((it) => it !== undefined)) expect(paths).toContain(place);
  });
});

describe('health', () => {
  it('takes 503 as the answer that no commands are accepted', () => {
    expect(healthOf(new ProblemError(503))).toEqual({ status: 'unavailable' });
  });

  it('does not hide that there was no answer', () => {
    for (const error of [new ProblemError(500), new NotSentError('expired')]) expect(() => healthOf(error)).toThrow(error);
  });
});

describe('connections', () => {
  it('puts whoever is furthest behind first, then the newest', () => {
    const all = [
      connection('old'),
      connection('new', { since: '2026-02-06T15:00:00Z' }),
      connection('bytes', { lag_bytes: 10 }),
      connection('behind', { lag_events: 3 }),
    ];
    expect(all.sort(byLag).map((it) => it.client_id)).toEqual(['behind', 'bytes', 'new', 'old']);
  });

  it('is behind with bytes alone', () => {
    expect(isBehind(connection('a'))).toBe(false);
    expect(isBehind(connection('a', { lag_bytes: 1 }))).toBe(true);
  });

  it('calls browsers by two words, and leaves other names alone', () => {
    const edge = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0';
    const phone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1';
    expect([edge, phone, 'Front desk'].map(shortDevice)).toEqual(['Edge, Windows', 'Safari, iPhone', 'Front desk']);
  });
});
