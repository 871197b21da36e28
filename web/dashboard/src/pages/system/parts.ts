// The parts of the gateway that have a name for people, and what can be done about each.

import type { Part } from '../../admin/health';

/** Parts that this page has words for. A newer gateway may have more: those are shown by their own word. */
export const PARTS = ['ledger', 'cameras', 'assets', 'alarms', 'mqtt', 'agent', 'claw'] as const;

/** A part that this page has words for. */
export type PartName = (typeof PARTS)[number];

/** Pages that show a part in full. */
const PLACES: Partial<Record<PartName, string>> = { agent: '/agent', cameras: '/cameras', claw: '/endpoints', mqtt: '/devices' };

/** Whether this page has words for it. */
export function isKnown(name: string): name is PartName {
  return (PARTS as readonly string[]).includes(name);
}

/** Whose remedy to show: that of a part which needs somebody. */
export function needing(name: string, { status }: Part): PartName | undefined {
  return status !== 'ok' && isKnown(name) ? name : undefined;
}

/** Where a part is shown in full. */
export function placeOf(name: string): string | undefined {
  return isKnown(name) ? PLACES[name] : undefined;
}
