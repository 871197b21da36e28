// Who is connected, in an order in which trouble is seen.

import type { components } from '@caresync/client';

/** A connection as admins see it. */
export type Connection = components['schemas']['Listed'];

/** Whoever is behind comes first, furthest behind on top; then the newest. */
export function byLag(a: Connection, b: Connection): number {
  return b.lag_events - a.lag_events || b.lag_bytes - a.lag_bytes || b.since.localeCompare(a.since) || a.client_id.localeCompare(b.client_id);
}

/** Whether it has not got everything yet. */
export function isBehind({ lag_events, lag_bytes }: Connection): boolean {
  return lag_events > 0 || lag_bytes > 0;
}

/** Browsers by their mark. Most claim to be others, too: the first that fits is right. */
const BROWSERS = [
  [/\bEdg\w*\//, 'Edge'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|Chromium|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const;

const SYSTEMS = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
] as const;

/** A browser's long name in two words, such as "Chrome, Android"; what is no browser's stays as it is. */
export function shortDevice(device: string): string {
  const browser = BROWSERS.find(([mark]) => mark.test(device))?.[1];
  if (!device.startsWith('Mozilla/') || !browser) return device;
  const system = SYSTEMS.find(([mark]) => mark.test(device))?.[1];
  return system ? `${browser}, ${system}` : browser;
}
