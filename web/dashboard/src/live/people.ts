// Who is here, and who is writing.

import type { ClientEvent } from '@caresync/client';

/** Somebody who has the clinic open. */
export interface Person {
  user: string;
  /** `null` where the viewer's role shows no names. */
  name: string | null;
  role: string | null;
}

/** The people of the channel that everybody follows. */
export class People {
  #present: readonly Person[] = [];
  /** Everybody who was here since this page began: who has left is still called by name. */
  readonly #names = new Map<string, string>();
  readonly #watchers = new Set<() => void>();

  /** Who is here now, in the order of their names. */
  get present(): readonly Person[] {
    return this.#present;
  }

  /** The name of somebody who is or was here. */
  nameOf(user: string): string | undefined {
    return this.#names.get(user);
  }

  /** Learns from a frame. */
  take(event: ClientEvent): void {
    if (event.type === 'presence') this.#set(event.data.users);
    else if (event.type === 'presence:joined') this.#set([...this.#without(event.data.user), event.data]);
    else if (event.type === 'presence:left') this.#set(this.#without(event.data.user));
  }

  /** The connection is lost: nobody can be vouched for. */
  leave(): void {
    this.#set([]);
  }

  /** Calls `watcher` after each change; returns what ends that. */
  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  #without(user: string): Person[] {
    return this.#present.filter((it) => it.user !== user);
  }

  #set(people: readonly Person[]): void {
    this.#present = [...people].sort((a, b) => (a.name ?? a.user).localeCompare(b.name ?? b.user));
    for (const { user, name } of people) if (name !== null) this.#names.set(user, name);
    this.#watchers.forEach((watcher) => watcher());
  }
}
