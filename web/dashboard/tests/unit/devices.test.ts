// Which device is seen to first, which news of it holds, and that what it says cannot pose as anything else.

import type { Alarm, Device } from '@caresync/client';
import { describe, expect, it } from 'vitest';

import { byNeed, deviceAlarms, RAW_SHOWN, renewed, shownRaw, targetOf, toneOf } from '../../src/pages/devices/devices';

const device = (id: string, more: Partial<Device> = {}): Device => ({
  id,
  target: 'room:room-1',
  health: 'live',
  since: '2026-02-06T14:00:00Z',
  online: true,
  last_seen: null,
  battery: null,
  battery_low: false,
  link_quality: null,
  flapping: false,
  stuck: false,
  ...more,
});
const alarm = (id: string, more: Partial<Alarm> = {}): Alarm => ({
  id,
  cause: 'battery_low',
  subject: 'devices',
  children: [],
  raised_at: '2026-02-06T14:00:00Z',
  cleared_at: null,
  acknowledged_by: null,
  ...more,
});

describe('devices', () => {
  it('puts those that need somebody first', () => {
    const all = [
      device('waits', { health: 'waiting' }),
      device('well'),
      device('low', { battery_low: true }),
      device('silent', { health: 'silent' }),
      device('off', { health: 'offline' }),
    ];
    expect(all.sort(byNeed).map(({ id }) => id)).toEqual(['off', 'silent', 'low', 'well', 'waits']);
  });

  it('shows no device as well that needs somebody', () => {
    expect([device('a'), device('a', { stuck: true }), device('a', { health: 'offline', stuck: true })].map(toneOf)).toEqual([
      'good',
      'attention',
      'danger',
    ]);
  });

  it('takes battery and last word from whoever heard it later, and the rest from the events', () => {
    const live = device('a', { last_seen: '2026-02-06T14:05:00Z', battery: 50, flapping: true });
    const later = device('a', { last_seen: '2026-02-06T14:06:00Z', battery: 49, health: 'offline' });
    expect(renewed(live, [later])).toMatchObject({ battery: 49, last_seen: later.last_seen, health: 'live', flapping: true });
    expect(renewed(live, [{ ...later, last_seen: '2026-02-06T14:04:00Z' }])).toBe(live);
    expect(renewed(live, [{ ...later, last_seen: null }])).toBe(live);
    expect(renewed(live, undefined)).toBe(live);
  });

  it('knows what it is about, and guesses nothing', () => {
    expect(targetOf({ target: 'door:room-4' })).toEqual({ kind: 'door', id: 'room-4' });
    expect(targetOf({ target: 'environment:a:b' })).toEqual({ kind: 'environment', id: 'a:b' });
    expect(['roof:room-4', 'room'].map((target) => targetOf({ target }))).toEqual([undefined, undefined]);
  });
});

describe('alarms about devices', () => {
  it('are those that stand, unseen first, then the newest', () => {
    const all = [
      alarm('seen', { acknowledged_by: 'demo-nurse', raised_at: '2026-02-06T15:00:00Z' }),
      alarm('over', { cleared_at: '2026-02-06T14:10:00Z' }),
      alarm('camera', { cause: 'camera_lost' }),
      alarm('old'),
      alarm('new', { cause: 'broker_lost', raised_at: '2026-02-06T14:30:00Z' }),
    ];
    expect(deviceAlarms(all).map(({ id }) => id)).toEqual(['new', 'old', 'seen']);
  });
});

describe('raw messages', () => {
  it('show what cannot be seen, and what turns the reading direction', () => {
    expect(shownRaw('{"a":1}\n\té')).toBe('{"a":1}\n\té');
    expect(shownRaw('a\u202Eb\u0000c\u200Bd\u2028e')).toBe('a\\u{202e}b\\u{0}c\\u{200b}d\\u{2028}e');
  });

  it('are cut', () => {
    expect(shownRaw('x'.repeat(RAW_SHOWN + 1))).toHaveLength(RAW_SHOWN);
  });
});
