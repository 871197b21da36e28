// Keys of machines: what they are for, and until when a replaced secret goes on.

import type { components } from '@caresync/client';

/** The key of a machine, without its secrets. */
export type Key = components['schemas']['Key'];

/** What a machine can be, and what its key is for when nothing else is said. */
export const MACHINES = { device: ['observe'], agent: ['work', 'read'], peer: ['read'] } as const;

/** One of them. */
export type Machine = keyof typeof MACHINES;

/** What a key may be used for. */
export const SCOPES = ['observe', 'work', 'read', 'metrics'] as const;

/** The last of the replaced secrets, while it goes on. */
export function oldSecretEnd({ old_secrets_end_at }: Key): string | undefined {
  return [...old_secrets_end_at].sort().at(-1);
}
