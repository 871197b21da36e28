// The audit trail: an address holds what is asked, and an entry is read without a name in it.

import { describe, expect, it } from 'vitest';

import en from '../../src/i18n/en.json';
import { askedIn, idOf, localOf, machineOf, pathOf, placeOf, questionOf, REFUSALS, subjectOf, timeOf, VERBS } from '../../src/pages/audit/trail';

const NONE = { actor: '', verb: '', outcome: '', from: '', to: '' };

describe('an address', () => {
  it('holds what is asked, and gives it back', () => {
    const asked = { ...NONE, actor: 'agent claw', outcome: 'done', from: '2026-02-06T14:30:00.000Z' };
    expect(askedIn(questionOf(asked))).toEqual(asked);
    expect(questionOf(NONE).toString()).toBe('');
  });

  it('with a time that is none asks for more, and not for an error', () => {
    expect(askedIn(new URLSearchParams('from=yesterday&to=2026-02-06T15:00:00Z'))).toEqual({ ...NONE, to: '2026-02-06T15:00:00.000Z' });
  });

  it('asks for a time with an offset, however much of it the link holds', () => {
    const { from, to } = askedIn(new URLSearchParams('from=2026-02-06&to=2026-02-06T15:00:00%2B02:00'));
    expect([from, to]).toEqual(['2026-02-06T00:00:00.000Z', '2026-02-06T13:00:00.000Z']);
    expect(askedIn(new URLSearchParams('from=%2B012345-01-01T00:00:00Z'))).toEqual(NONE);
  });

  it('asks the gateway for a page at a time, and the next by its cursor', () => {
    expect(pathOf({ ...NONE, verb: 'log_in' })).toBe('/api/audit?verb=log_in&limit=100');
    expect(pathOf({ ...NONE, actor: 'agent claw' }, '17')).toBe('/api/audit?actor=agent+claw&limit=100&cursor=17');
  });
});

describe('a point in time', () => {
  it('is the same after a field of this machine had it', () => {
    for (const time of ['2026-02-06T14:30:00.000Z', '2026-07-31T23:59:00.000Z']) expect(timeOf(localOf(time))).toBe(time);
  });

  it('is none while it is being typed', () => {
    expect([timeOf(''), timeOf('2026-02'.repeat(9)), localOf(''), localOf('no')]).toEqual(['', '', '', '']);
  });
});

describe('who', () => {
  const accounts = [
    { id: 'u-1', name: 'Noor Nurse', email: 'noor@clinic.example' },
    { id: 'u-2', name: 'Sam Lee', email: 'sam@clinic.example' },
    { id: 'u-3', name: 'Sam Lee', email: 'lee@clinic.example' },
  ];

  it('is found by name or address, if that is one person', () => {
    expect([' noor nurse', 'SAM@clinic.example', 'Sam Lee', 'u-3', 'agent claw'].map((it) => idOf(it, accounts))).toEqual(['u-1', 'u-2', 'Sam Lee', 'u-3', 'agent claw']);
  });

  it('is told from a machine', () => {
    expect(machineOf('agent claw')).toEqual({ kind: 'agent', id: 'claw' });
    expect([machineOf('the gateway'), machineOf('agents'), machineOf('demo-nurse')]).toEqual([undefined, undefined, undefined]);
  });
});

describe('what about', () => {
  it('is a kind and an id, which may hold a colon', () => {
    expect(subjectOf('room:room-1')).toEqual({ kind: 'room', id: 'room-1' });
    expect(subjectOf('alarm:mqtt:link')).toEqual({ kind: 'alarm', id: 'mqtt:link' });
    expect(subjectOf('odd')).toEqual({ kind: '', id: 'odd' });
  });

  it('has a page only where there is one', () => {
    expect([placeOf('endpoint', 'emr'), placeOf('delivery', 'emr')]).toEqual(['/endpoints/emr', '/endpoints/emr']);
    expect([placeOf('user', 'a b'), placeOf('alarm', 'x'), placeOf('constructor', 'x')]).toEqual(['/users/a%20b', undefined, undefined]);
  });
});

describe('words', () => {
  it('has one for each verb and refusal that can be chosen, and none that cannot', () => {
    expect(Object.keys(en.audit.verb).sort()).toEqual([...VERBS].sort());
    expect(Object.keys(en.audit.refusal).sort()).toEqual([...REFUSALS].sort());
  });
});
