// Where a client keeps what shall survive a reload. `localStorage`, `sessionStorage` and React Native's AsyncStorage fit.

/** Text by name. */
export interface Storage {
  getItem(name: string): string | null | Promise<string | null>;
  setItem(name: string, text: string): unknown;
  removeItem(name: string): unknown;
}

/** Forgets everything with the page. */
export function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => kept.set(name, text),
    removeItem: (name) => kept.delete(name),
  };
}
