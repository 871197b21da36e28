// What a setting of the automation changed, and what is sent for a room.

import { describe, expect, it } from 'vitest';

import { changesOf, chosenOf, entriesOf, ownRooms, roomBody, type Setting } from '../../src/pages/automation/automation';

const setting = (revision: number, more: Partial<Setting> = {}): Setting => ({
  revision,
  occupancy: 'full',
  turnover: 'full',
  equipment: 'full',
  rooms: {},
  ...more,
});

describe('settings', () => {
  it('tell what changed, the clinic first, and nothing else', () => {
    const before = setting(1, { rooms: { 'room-1': { turnover: 'assisted' }, 'room-2': { occupancy: 'assisted' } } });
    const after = setting(2, { equipment: 'monitoring', rooms: { 'room-2': { occupancy: 'assisted', turnover: 'full' } } });
    expect(changesOf(before, after)).toEqual([
      { feature: 'equipment', from: 'full', to: 'monitoring' },
      { room: 'room-1', feature: 'turnover', from: 'assisted', to: undefined },
      { room: 'room-2', feature: 'turnover', from: undefined, to: 'full' },
    ]);
    expect(changesOf(before, before)).toEqual([]);
  });

  it('a level of a room is its own even where it is the same as the clinic’s', () => {
    expect(changesOf(setting(1), setting(2, { rooms: { 'room-1': { turnover: 'full' } } }))).toHaveLength(1);
  });

  it('are told against the one before; of the oldest nobody knows it', () => {
    const [newest, oldest] = entriesOf([setting(7), setting(5)]);
    expect([newest?.before?.revision, oldest?.before]).toEqual([5, undefined]);
  });
});

describe('rooms of their own', () => {
  it('are those with a level, in the order in which people count', () => {
    const rooms = { 'room-10': { turnover: 'full' as const }, 'room-2': { turnover: 'full' as const }, 'room-1': {}, 'room-3': { turnover: null } };
    expect(ownRooms(setting(1, { rooms })).map(([id]) => id)).toEqual(['room-2', 'room-10']);
  });

  it('send only what differs, and end where nothing does', () => {
    expect(roomBody({ ...chosenOf(undefined), turnover: 'assisted' })).toEqual({ turnover: 'assisted' });
    expect(roomBody(chosenOf(undefined))).toBeNull();
    expect(roomBody(chosenOf({ occupancy: 'full', turnover: null }))).toEqual({ occupancy: 'full' });
  });
});
