// What `GET /api/health` says, as far as pages read it. Its document leaves the parts open.

import type { Tone } from '../shared/tones';

/** A part of the gateway, and how it does. */
export interface Part {
  status: string;
  reason?: string;
  /** Files that are not there. */
  missing?: { name: string; reason: string }[];
}

/** How the gateway does. Who may not hear of its alarms gets no parts. */
export interface Health {
  status: string;
  version?: string;
  components?: Record<string, Part>;
}

/** The colour of a status. A word that is not known is no good news. */
export function toneOfPart(status: string): Tone {
  if (status === 'ok') return 'good';
  if (status === 'degraded') return 'attention';
  return status === 'unavailable' ? 'danger' : 'unknown';
}

/** The parts by name, with those that need somebody first. */
export function partsOf({ components = {} }: Health): [name: string, part: Part][] {
  return Object.entries(components).sort(
    ([a, one], [b, other]) => Number(one.status === 'ok') - Number(other.status === 'ok') || a.localeCompare(b),
  );
}
