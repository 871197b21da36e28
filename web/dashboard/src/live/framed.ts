// What people see changes at most once a picture of their screen, however often the clinic changes.

import type { StoreApi } from 'zustand/vanilla';

/** A page that is not shown draws no pictures; it keeps up so often, in milliseconds. */
const HIDDEN_MS = 500;

/** A store to read from. */
export type Readable<T> = Pick<StoreApi<T>, 'getState' | 'getInitialState' | 'subscribe'>;

/** The same state, published once a picture. */
export function framed<T>(store: Readable<T>): Readable<T> {
  let shown = store.getState();
  let isDue = false;
  const listeners = new Set<(state: T, before: T) => void>();
  const publish = () => {
    if (!isDue) return;
    isDue = false;
    const before = shown;
    shown = store.getState();
    listeners.forEach((listener) => listener(shown, before));
  };
  store.subscribe(() => {
    if (isDue) return;
    isDue = true;
    if (document.visibilityState === 'visible') requestAnimationFrame(publish);
    // Also for a page that was hidden meanwhile: the first of the two publishes.
    setTimeout(publish, HIDDEN_MS);
  });
  return {
    getState: () => shown,
    getInitialState: () => shown,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
