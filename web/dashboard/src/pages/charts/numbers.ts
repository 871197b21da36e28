// The clinic's numbers, as charts and tables show them. What is not known stays not known: it is never drawn as 0.

import type { components } from '@caresync/client';

type Schemas = components['schemas'];

/** How the rooms were used, today and before. */
export type Utilization = Schemas['Utilization'];
/** One room of it. */
export type RoomUse = Schemas['RoomUtilization'];
/** The last days, and how today compares. */
export type Trends = Schemas['Trends'];
/** The numbers of a day. */
export type Numbers = Schemas['Numbers'];
/** One of them, by its name. */
export type NumberName = keyof Numbers;
/** What a number counts. */
export type Unit = 'times' | 'min' | 'ratio';

/** Every number of a day with its unit, in the order in which people ask for them. */
export const UNITS = {
  patients_seen: 'times',
  average_wait_minutes: 'min',
  average_visit_minutes: 'min',
  room_utilization_ratio: 'ratio',
  sessions: 'times',
  turnovers: 'times',
  average_cleaning_wait_minutes: 'min',
  tasks_by_staff: 'times',
  tasks_by_agent: 'times',
  actions_completed: 'times',
} as const satisfies Record<NumberName, Unit>;

/** Their names. */
export const NUMBER_NAMES = Object.keys(UNITS) as NumberName[];

/** How many days can be looked back on. */
export const PERIODS = ['7', '14', '30'] as const;

/** One of what is offered, or the first: an address may name anything. */
export function oneOf<T extends string>(offered: readonly T[], asked: string | null): T | undefined {
  return offered.find((it) => it === asked) ?? offered[0];
}

/** A ratio as percent, to be drawn. */
export function percent(ratio: number | null | undefined): number | null {
  return ratio == null ? null : Math.round(ratio * 1_000) / 10;
}

/** What a chart draws of a number: percent for a ratio, else itself. */
export function drawn(unit: Unit, value: number | null | undefined): number | null {
  return unit === 'ratio' ? percent(value) : (value ?? null);
}

/** A number with its unit, as the language writes it; nothing when it is not known. */
export function written(unit: Unit, value: number | null | undefined, language: string): string | undefined {
  if (value == null) return undefined;
  if (unit === 'ratio') return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value);
  if (unit === 'times') return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value);
  return new Intl.NumberFormat(language, { style: 'unit', unit: 'minute', maximumFractionDigits: 1 }).format(value);
}

/** How far something is from the average, with its sign. */
export function writtenChange(change: number | null | undefined, language: string): string | undefined {
  if (change == null) return undefined;
  const form = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
  return form.format(change);
}

/** A day on the clinic's wall. It is no moment, so no time zone may move it to the day before. */
export function writtenDay(date: string, language: string): string {
  return new Intl.DateTimeFormat(language, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );
}

/** An hour of the clinic's clocks. */
export function writtenHour(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** One row of the chart of hours. */
export interface HourRow {
  hour: string;
  today: number | null;
  average: number | null;
}

/** The 24 hours of a room. An hour that has not begun, or that the clocks skipped, is not known. */
export function hoursOf({ hours, hourly_average }: RoomUse): HourRow[] {
  return hours.map(({ hour, minutes, utilization_ratio }, n) => ({
    hour: writtenHour(hour),
    today: minutes > 0 ? percent(utilization_ratio) : null,
    average: percent(hourly_average[n]),
  }));
}

/** Whether any of these is known. */
export function isAnyKnown(values: readonly (number | null | undefined)[]): boolean {
  return values.some((it) => it != null);
}
