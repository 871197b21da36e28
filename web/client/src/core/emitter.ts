// Who listens to what. A handler that throws disturbs no other one.

/** Takes an event. */
export type Handler<E> = (event: E) => void;

/** Handlers by the type of the event; `*` is every type. */
export class Emitter<E extends { type: string }> {
  readonly #handlers = new Map<string, Set<Handler<never>>>();

  on(type: string, handler: Handler<never>): void {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers.add(handler));
  }

  off(type: string, handler: Handler<never>): void {
    this.#handlers.get(type)?.delete(handler);
  }

  emit(event: E): void {
    for (const type of [event.type, '*']) {
      for (const handler of [...(this.#handlers.get(type) ?? [])]) {
        try {
          (handler as Handler<E>)(event);
        } catch (error) {
          // The handler's own fault is told where its author looks, and the others still hear the event.
          setTimeout(() => {
            throw error;
          });
        }
      }
    }
  }
}
