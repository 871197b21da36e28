// What is followed, and how far it is known: the channels, and one cursor for all of them.

import type { Frame } from './events.js';

/** What a subscription brings besides events. */
export interface ChannelOptions {
  /** The state first. It comes anew whenever what was missed cannot be replayed. */
  snapshot?: boolean;
  /** Who else is there. Only on a WebSocket. */
  presence?: boolean;
}

interface Channel extends ChannelOptions {
  /** Joined before the last barrier: it may be resumed by cursor. */
  settled: boolean;
  /** Its snapshot is wanted and has not come. */
  owed: boolean;
  /** Until it is settled: the place that it was joined at, after which nothing of it may be missed. */
  joinedAt?: number;
}

/** What a stream of events or a poll is asked with. */
export interface StreamQuery {
  rooms: string[];
  since?: string;
  snapshot?: boolean;
}

/** What is asked for where nothing is followed: a stream must name a channel, and every person's role hears this one. */
const QUIET_CHANNEL = 'facility';

/**
 * The cursor moves only when everything up to it has come. On a WebSocket frames are answered in order, so the answer to
 * a ping says that all replays and snapshots that were asked for before are here: that is the barrier. Between a
 * subscription and its barrier the cursor stands still, and a connection that is lost meanwhile replays from there; what
 * came already is told by its `seq` and not delivered twice.
 */
export class Following {
  readonly #channels = new Map<string, Channel>();
  #epoch: string | undefined;
  /** Everything up to here is known. */
  #cursor: number | undefined;
  /** The newest that has come. */
  #newest = 0;
  /** What came after the cursor. At most what the hub replays: 1,000 events a channel. */
  readonly #ahead = new Set<number>();
  #barrier = 0;
  #passed = 0;

  /** `epoch:seq`, once something is known. */
  get cursor(): string | undefined {
    return this.#cursor === undefined ? undefined : `${this.#epoch}:${this.#cursor}`;
  }

  get rooms(): string[] {
    return [...this.#channels.keys()];
  }

  add(room: string, options: ChannelOptions): void {
    const known = this.#channels.get(room);
    const channel = known ?? { settled: false, owed: false };
    channel.snapshot = Boolean(options.snapshot || known?.snapshot);
    channel.presence = Boolean(options.presence || known?.presence);
    channel.owed ||= Boolean(options.snapshot);
    this.#channels.set(room, channel);
  }

  remove(room: string): boolean {
    return this.#channels.delete(room);
  }

  /** The frame that joins a channel on a WebSocket; `resuming` after a lost connection. */
  asking(room: string, resuming: boolean): object {
    const channel = this.#channels.get(room);
    const seq = resuming && channel && !channel.owed ? this.#knownOf(channel) : undefined;
    const since = seq === undefined ? undefined : `${this.#epoch}:${seq}`;
    return {
      type: 'subscribe',
      // Comes back with the answer, so that a refusal names its channel.
      id: room,
      room,
      ...(since && { since }),
      ...(channel?.owed && { snapshot: true }),
      ...(channel?.presence && { presence: true }),
    };
  }

  /** The ping whose answer says that all that was asked for is here. */
  barrier(): object {
    this.#barrier += 1;
    return { type: 'ping', id: `b${this.#barrier}` };
  }

  /** What a stream or a poll is asked with. */
  query(): StreamQuery {
    const rooms = this.#channels.size > 0 ? this.rooms : [QUIET_CHANNEL];
    const owes = [...this.#channels.values()].some((channel) => channel.owed);
    if (!owes) {
      const known = [this.#cursor, ...[...this.#channels.values()].map((channel) => this.#knownOf(channel))];
      const oldest = Math.min(...known.filter((seq) => seq !== undefined));
      return { rooms, ...(oldest < Infinity && { since: `${this.#epoch}:${oldest}` }) };
    }
    // A stream has one cursor, so a snapshot is of all its channels.
    for (const channel of this.#channels.values()) channel.owed = true;
    return { rooms, snapshot: true };
  }

  /** A stream's own cursor: everything up to it has come. */
  reached(cursor: string): void {
    const [epoch, seq] = cursor.split(':');
    this.#enter(epoch);
    this.#cursor = Number(seq);
    this.#newest = Math.max(this.#newest, this.#cursor);
    this.#ahead.clear();
    for (const channel of this.#channels.values()) channel.settled = true;
  }

  /** Learns from a frame. False when it is an event that was delivered before. */
  take(frame: Frame): boolean {
    const { type, room, seq } = frame;
    const channel = room === undefined ? undefined : this.#channels.get(room);
    switch (type) {
      case 'connected':
        this.#begin(frame.data as { epoch?: string; seq?: number });
        break;
      case 'subscribed':
        if (channel && frame.recovered === false) channel.owed = true;
        if (channel && !frame.recovered && seq !== undefined) channel.joinedAt = seq;
        break;
      case 'snapshot':
        if (channel) channel.owed = false;
        break;
      case 'error':
        // A stream that named a channel which is refused would be refused as a whole.
        if (typeof frame.id === 'string') this.#channels.delete(frame.id);
        break;
      case 'resync':
        if (channel) [channel.owed, channel.settled] = [true, false];
        break;
      case 'unsubscribed':
        // With a reason, it is the gateway that takes the channel away; without, it was asked to.
        if (room !== undefined && (frame.data as { reason?: string }).reason) this.#channels.delete(room);
        break;
      case 'pong':
        if (frame.id === `b${this.#barrier}`) this.#settle();
        break;
      default:
        if (seq !== undefined && this.#ahead.has(seq)) return false;
        if (seq !== undefined && this.#barrier !== this.#passed) this.#ahead.add(seq);
    }
    if (seq !== undefined) this.#reach(seq);
    return true;
  }

  /** Up to where everything of a channel has come; nothing where it was never joined. */
  #knownOf({ settled, joinedAt }: Channel): number | undefined {
    return settled ? this.#cursor : joinedAt;
  }

  #reach(seq: number): void {
    this.#newest = Math.max(this.#newest, seq);
    if (this.#barrier === this.#passed && this.#cursor !== undefined) this.#cursor = this.#newest;
  }

  #settle(): void {
    this.#passed = this.#barrier;
    this.#cursor = this.#newest;
    this.#ahead.clear();
    for (const channel of this.#channels.values()) channel.settled = true;
  }

  /** A connection begins: nothing moves the cursor until it has asked for what was missed, and passed a barrier. */
  #begin({ epoch, seq }: { epoch?: string; seq?: number }): void {
    this.#barrier += 1;
    if (epoch !== undefined && epoch !== this.#epoch && this.#epoch !== undefined) {
      for (const channel of this.#channels.values()) channel.owed = true;
    }
    this.#enter(epoch);
    this.#newest = Math.max(this.#newest, seq ?? 0);
  }

  /** Another epoch is another journal: its numbers begin anew, and no cursor leads from one to the other. */
  #enter(epoch: string | undefined): void {
    if (epoch === undefined || epoch === this.#epoch) return;
    this.#epoch = epoch;
    this.#cursor = undefined;
    this.#newest = 0;
    this.#ahead.clear();
  }
}
