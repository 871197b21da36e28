// What waits for whom, and in which order.

import type { Action, Alarm, Equipment, Room, Task } from '@caresync/client';
import { describe, expect, it } from 'vitest';

import { meOf } from '../../src/session/me';
import type { User } from '../../src/session/session';
import { rounded } from '../../src/shared/ages';
import { needsOf } from '../../src/things/needs';
import { byName, byPriority, byTrouble, byUrgency } from '../../src/things/order';
import { isDoubtful } from '../../src/things/RoomTile';

const AT = (minute: number) => `2026-02-06T14:${String(minute).padStart(2, '0')}:00.000Z`;

function person(id: string, role: string, doctor_id: string | null = null) {
  return meOf({ role, user: { id, role, doctor_id, manages: [] as string[] } as unknown as User });
}

function action(id: string, about: Partial<Action> = {}): Action {
  return {
    id,
    status: 'pending',
    urgency: 'normal',
    type: 'manual',
    created_at: AT(10),
    created_by: 'demo-nurse',
    assigned_to: null,
    doctor_id: null,
    room_id: null,
    equipment_id: null,
    completed_at: null,
    completed_by: null,
    revision: 1,
    ...about,
  };
}

function task(id: string, about: Partial<Task> = {}): Task {
  return {
    id,
    status: 'pending',
    priority: 'normal',
    assignee: 'staff',
    start_time: AT(10),
    end_time: null,
    created_by: 'demo-nurse',
    doctor_id: null,
    room_id: null,
    equipment_id: null,
    estimated_duration: null,
    expires_at: null,
    answer_by: null,
    synthetic: false,
    revision: 1,
    ...about,
  };
}

function alarm(id: string, about: Partial<Alarm> = {}): Alarm {
  return {
    id,
    cause: 'camera_lost',
    subject: 'cam-1',
    children: [],
    raised_at: AT(10),
    cleared_at: null,
    acknowledged_by: null,
    ...about,
  };
}

const nurse = person('demo-nurse', 'nurse');
const ada = person('demo-doctor', 'doctor', 'doc-001');
const nothing = { actions: [], tasks: [], alarms: [] };
const ids = (needs: { id: string }[]) => needs.map(({ id }) => id);

describe('what waits', () => {
  it('is in one list: what cannot wait, alarms, proposals, what is mine, what anybody may do', () => {
    const needs = needsOf(nurse, {
      actions: [action('anybodys'), action('urgent', { urgency: 'urgent' })],
      tasks: [
        task('mine', { assignee: 'demo-nurse' }),
        task('proposal', { status: 'proposed' }),
        task('urgent-task', { priority: 'urgent' }),
      ],
      alarms: [alarm('alarm')],
    });
    expect(ids(needs)).toEqual(['urgent', 'urgent-task', 'alarm', 'proposal', 'mine', 'anybodys']);
  });

  it('puts what waits longest first, among the equally urgent', () => {
    const actions = [action('b', { created_at: AT(20) }), action('c', { created_at: AT(5) }), action('a', { created_at: AT(20) })];
    expect(ids(needsOf(nurse, { ...nothing, actions }))).toEqual(['c', 'a', 'b']);
  });

  it('leaves out what a colleague has taken, and what is done', () => {
    const needs = needsOf(nurse, {
      actions: [action('taken', { assigned_to: 'demo-doctor', urgency: 'urgent' }), action('done', { status: 'completed' })],
      tasks: [
        task('taken-task', { assignee: 'demo-doctor' }),
        task('begun', { status: 'in_progress' }),
        task('done-task', { assignee: 'demo-nurse', status: 'completed' }),
        task('agents', { assignee: 'agent' }),
      ],
      alarms: [alarm('seen', { acknowledged_by: 'demo-admin' }), alarm('over', { cleared_at: AT(11) })],
    });
    expect(ids(needs)).toEqual([]);
  });

  it('keeps what I have taken, though it is of little urgency', () => {
    const mine = action('mine', { assigned_to: 'demo-nurse', status: 'in_progress', urgency: 'low' });
    expect(ids(needsOf(nurse, { ...nothing, actions: [mine, action('low', { urgency: 'low' })] }))).toEqual(['mine']);
  });

  it('tells a doctor nothing of what is for another doctor', () => {
    const actions = [action('hers', { doctor_id: 'doc-001' }), action('his', { doctor_id: 'doc-002' }), action('all')];
    expect(ids(needsOf(ada, { ...nothing, actions }))).toEqual(['all', 'hers']);
    expect(ids(needsOf(nurse, { ...nothing, actions }))).toEqual(['all', 'hers', 'his']);
  });

  it('asks nothing of who may do nothing', () => {
    const waiting = { actions: [action('a')], tasks: [task('t')], alarms: [alarm('l')] };
    expect(needsOf(person('v', 'viewer'), waiting)).toEqual([]);
    expect(ids(needsOf(person('o', 'operator'), waiting))).toEqual(['l']);
  });
});

describe('order', () => {
  it('puts urgent work first, then what waits longest', () => {
    const actions = [action('low', { urgency: 'low', created_at: AT(1) }), action('new', { created_at: AT(9) }), action('old', { created_at: AT(2) }), action('now', { urgency: 'urgent' })];
    expect(ids(actions.sort(byUrgency))).toEqual(['now', 'old', 'new', 'low']);
    expect(ids([task('b'), task('a'), task('u', { priority: 'urgent' })].sort(byPriority))).toEqual(['u', 'a', 'b']);
  });

  it('counts as people do', () => {
    const rooms = ['Room 10', 'Room 2', 'Annex'].map((name) => ({ id: name, name }));
    expect(ids(rooms.sort(byName))).toEqual(['Annex', 'Room 2', 'Room 10']);
  });

  it('puts equipment that is out of order first', () => {
    const things = (['operational', 'needs_maintenance', 'in_use', 'offline'] as const).map((status) => ({ id: status, name: status, status }));
    expect(ids((things as Equipment[]).sort(byTrouble))).toEqual(['offline', 'needs_maintenance', 'in_use', 'operational']);
  });
});

describe('an age', () => {
  it('is rounded down to one number', () => {
    expect(rounded(-5)).toEqual({ n: 0, unit: 's' });
    expect(rounded(59_999)).toEqual({ n: 59, unit: 's' });
    expect(rounded(60_000)).toEqual({ n: 1, unit: 'min' });
    expect(rounded(3_599_999)).toEqual({ n: 59, unit: 'min' });
    expect(rounded(4.59 * 3_600_000)).toEqual({ n: 4.5, unit: 'h' });
    expect(rounded(47 * 3_600_000)).toEqual({ n: 1, unit: 'd' });
  });
});

describe('a room', () => {
  const room = (about: object, status = 'available') => ({ status, occupancy: { sources: [], freshness: 'fresh', ...about } }) as unknown as Room;

  it('is doubtful when nobody knows, or what it rests on is old', () => {
    expect(isDoubtful(room({}, 'unknown'))).toBe(true);
    expect(isDoubtful(room({ sources: ['cam-1'], freshness: 'stale' }))).toBe(true);
    expect(isDoubtful(room({ sources: ['cam-1'] }))).toBe(false);
    // Without a sensor, it is what staff have said, and no older than that.
    expect(isDoubtful(room({ freshness: 'lost' }))).toBe(false);
  });
});
