// Numbers on the way into charts and tables: what is not known is never 0.

import { describe, expect, it } from 'vitest';

import { drawn, hoursOf, isAnyKnown, oneOf, percent, PERIODS, type RoomUse, written, writtenChange, writtenDay } from '../../src/pages/charts/numbers';

function room(hours: { minutes: number; utilization_ratio: number | null }[], hourly_average: (number | null)[]): RoomUse {
  return {
    hours: hours.map((it, hour) => ({ hour, occupied_minutes: null, ...it })),
    hourly_average,
  } as unknown as RoomUse;
}

describe('the numbers of the clinic', () => {
  it('keeps what is not known apart from nothing', () => {
    expect(percent(null)).toBeNull();
    expect(percent(0)).toBe(0);
    expect(drawn('times', undefined)).toBeNull();
    expect(drawn('ratio', 0.125)).toBe(12.5);
    expect(written('min', null, 'en')).toBeUndefined();
    expect(written('min', 0, 'en')).toBe('0 min');
    expect(isAnyKnown([null, undefined])).toBe(false);
    expect(isAnyKnown([null, 0])).toBe(true);
  });

  it('draws no hour that has not begun, whatever stands in it', () => {
    const rows = hoursOf(room([{ minutes: 60, utilization_ratio: 0.5 }, { minutes: 0, utilization_ratio: 0 }], [null, 0.25]));
    expect(rows).toEqual([
      { hour: '00:00', today: 50, average: null },
      { hour: '01:00', today: null, average: 25 },
    ]);
  });

  it('writes them as the language does', () => {
    expect(written('ratio', 0.123, 'en')).toBe('12.3%');
    expect(written('times', 1234.5, 'es')).toBe('1234,5');
    expect(writtenChange(0.25, 'en')).toBe('+25%');
    expect(writtenChange(0, 'en')).toBe('0%');
  });

  it('says the day on the wall in every time zone', () => {
    expect(writtenDay('2026-02-06', 'en')).toBe('Fri, Feb 6');
  });

  it('takes what is offered where the address asks for anything else', () => {
    expect(oneOf(PERIODS, '30')).toBe('30');
    expect(oneOf(PERIODS, '9999')).toBe('7');
    expect(oneOf([], 'room-1')).toBeUndefined();
  });
});
