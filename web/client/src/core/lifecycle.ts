// When to look at once whether the gateway is there: a tablet was taken up, a network came back.

/** Watches for such moments. */
export interface Lifecycle {
  /** Calls `wake` at each; returns what ends the watch. */
  watch(wake: () => void): () => void;
}

/** A page: it is shown again, or its machine is online again. */
export function browserLifecycle(): Lifecycle {
  return {
    watch(wake) {
      const onVisible = () => {
        if (document.visibilityState === 'visible') wake();
      };
      document.addEventListener('visibilitychange', onVisible);
      globalThis.addEventListener('online', wake);
      return () => {
        document.removeEventListener('visibilitychange', onVisible);
        globalThis.removeEventListener('online', wake);
      };
    },
  };
}

/** The part of React Native's `AppState` that is used. */
export interface AppStateLike {
  addEventListener(type: 'change', listener: (state: string) => void): { remove(): void };
}

/** An app of React Native: it comes to the foreground. `appStateLifecycle(AppState)`. */
export function appStateLifecycle(appState: AppStateLike): Lifecycle {
  return {
    watch(wake) {
      const subscription = appState.addEventListener('change', (state) => {
        if (state === 'active') wake();
      });
      return () => subscription.remove();
    },
  };
}

/** What this platform has: a page's, or nothing. */
export function defaultLifecycle(): Lifecycle {
  const isPage = typeof document !== 'undefined' && typeof globalThis.addEventListener === 'function';
  return isPage ? browserLifecycle() : { watch: () => () => {} };
}
