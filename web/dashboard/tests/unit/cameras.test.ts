// Which camera is seen to first, and what its room makes of it.

import type { Camera, Room } from '@caresync/client';
import { describe, expect, it } from 'vitest';

import { byHealth, weightOf, withTrouble } from '../../src/pages/cameras/cameras';

const camera = (id: string, health: Camera['health'], minute = 0, more: Partial<Camera> = {}): Camera => ({
  id,
  health,
  room_id: 'room-1',
  method: 'motion',
  synthetic: false,
  since: `2026-02-06T14:${String(minute).padStart(2, '0')}:00Z`,
  ...more,
});
const room = (sources: string[], paused = false) => ({ id: 'room-1', occupancy: { sources, paused } }) as unknown as Room;

describe('cameras', () => {
  it('puts the worst first, and of those the one that is so for longest', () => {
    const all = [camera('b', 'live', 1), camera('new', 'lost', 9), camera('old', 'lost', 3), camera('s', 'starting'), camera('t', 'stale')];
    expect(all.sort(byHealth).map(({ id }) => id)).toEqual(['old', 'new', 't', 's', 'b']);
  });

  it('leaves those that are well where they are, whatever restarted last', () => {
    expect([camera('b', 'live', 1), camera('a', 'live', 2)].sort(byHealth).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('takes what the reader said from the answer, and how it does from the events', () => {
    const live = camera('a', 'live', 0, { trouble: null });
    const answered = [camera('a', 'lost', 0, { trouble: 'no route to host' })];
    expect(withTrouble(live, answered)).toMatchObject({ health: 'live', trouble: 'no route to host' });
    expect(withTrouble({ ...live, trouble: 'old' }, [{ ...live, trouble: null }]).trouble).toBeNull();
    expect(withTrouble(live, undefined)).toBe(live);
  });

  it('knows whether the room rests on it; a pause outweighs all', () => {
    const one = camera('a', 'live');
    expect([room(['camera:a']), room(['camera:a', 'device:b']), room(['device:a']), room([])].map((it) => weightOf(one, it))).toEqual(['alone', 'among', 'none', 'none']);
    expect(weightOf(one, room(['camera:a'], true))).toBe('paused');
  });
});
