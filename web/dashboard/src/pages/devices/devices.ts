// Which device needs somebody first, what it is about, and how its raw words are shown.

import type { Alarm, Device } from '@caresync/client';
import { IconBatteryOff, IconCircleCheck, IconCircleDashed, IconClockExclamation, IconPlugConnectedX } from '@tabler/icons-react';

import type { Look, Tone } from '../../shared/tones';
import { earlier, standing } from '../../things/order';

type Health = Device['health'];

/** How each health looks. */
export const DEVICE_LOOKS: Record<Health, Look> = {
  offline: { tone: 'danger', icon: IconPlugConnectedX },
  silent: { tone: 'attention', icon: IconClockExclamation },
  waiting: { tone: 'unknown', icon: IconCircleDashed },
  live: { tone: 'good', icon: IconCircleCheck },
};

/** What else can be wrong with a device, in the order in which it is seen to. */
export const TROUBLES = ['stuck', 'flapping', 'battery_low'] as const;

export const TROUBLE_ICONS = { stuck: IconClockExclamation, flapping: IconPlugConnectedX, battery_low: IconBatteryOff };

/** The colour of a device: one that speaks, and needs somebody all the same, is not green. */
export function toneOf(device: Device): Tone {
  if (device.health === 'live' && TROUBLES.some((it) => device[it])) return 'attention';
  return DEVICE_LOOKS[device.health].tone;
}

const HEALTH_RANKS: Record<Health, number> = { offline: 0, silent: 1, live: 3, waiting: 4 };

function rankOf(device: Device): number {
  return device.health === 'live' && TROUBLES.some((it) => device[it]) ? 2 : HEALTH_RANKS[device.health];
}

/** Those that need somebody first; one that was never heard waits for whoever mounts it. The rest by id. */
export function byNeed(a: Device, b: Device): number {
  return rankOf(a) - rankOf(b) || earlier(a.id, b.id);
}

/**
 * Battery, radio and last word change without an event: whichever of the two has heard the device later knows them.
 * Everything else is the events'.
 */
export function renewed(device: Device, answered: readonly Device[] | undefined): Device {
  const asked = answered?.find(({ id }) => id === device.id);
  if (!asked || (asked.last_seen ?? '') < (device.last_seen ?? '')) return device;
  const { battery, link_quality, last_seen } = asked;
  return { ...device, battery, link_quality, last_seen };
}

const DEVICE_CAUSES = new Set([
  'devices_offline',
  'battery_low',
  'device_flapping',
  'broker_lost',
  'sensor_stuck',
  'temperature_excursion',
  'temperature_unknown',
]);

/** Alarms about devices that stand, those that nobody has seen first. */
export function deviceAlarms(alarms: readonly Alarm[]): Alarm[] {
  return standing(alarms).filter(({ cause }) => DEVICE_CAUSES.has(cause));
}

const TARGETS = ['room', 'door', 'button', 'equipment', 'environment'] as const;

/** What a device is about. */
export interface Target {
  kind: (typeof TARGETS)[number];
  id: string;
}

/** Reads `door:room-1`. Nothing where a newer gateway has another kind. */
export function targetOf({ target }: Pick<Device, 'target'>): Target | undefined {
  const [word, ...rest] = target.split(':');
  const kind = TARGETS.find((it) => it === word);
  return kind && rest.length > 0 ? { kind, id: rest.join(':') } : undefined;
}

/** The newest message of a bound device as it came, for admins. docs/mqtt.md tells of it, the API's document does not. */
export interface Heard {
  id: string;
  dialect: string;
  topics: string[];
  messages: number;
  misread: number;
  /** Why the newest that was not understood was not. */
  trouble?: string;
  last?: { topic: string; payload: string; payload_bytes: number; retained: boolean; at: string };
}

/** So much of a message is shown, in characters; as many as the gateway keeps bytes. */
export const RAW_SHOWN = 1_024;

/**
 * A message from outside as text that shows all that is in it: signs that cannot be seen, or that turn the reading
 * direction, would let it look like another.
 */
export function shownRaw(payload: string): string {
  return payload
    .slice(0, RAW_SHOWN)
    .replaceAll(/[^\P{C}\n\t]|[\u2028\u2029]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}
