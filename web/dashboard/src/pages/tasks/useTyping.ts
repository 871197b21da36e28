// Who is writing a note on a task: a signal over the task's own channel, kept nowhere.

import { useCallback, useEffect, useRef, useState } from 'react';

import { useLive } from '../../live/hooks';
import { useMe } from '../../session/me';

/** Who writes says so this often at most, in milliseconds. */
const SAY_EVERY_MS = 3_000;
/** Who has not said so for this long, in milliseconds, has stopped. */
const STOPPED_AFTER_MS = 6_000;

/** The others who are writing, and `write` to be called as one writes. */
export function useTyping(taskId: string): { writers: string[]; write: () => void } {
  const { client } = useLive();
  const { user } = useMe();
  const [writers, setWriters] = useState<string[]>([]);
  const saidAt_ms = useRef(-Infinity);
  const channel = `task:${taskId}`;
  useEffect(() => {
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    const stop = (who: string) => setWriters((all) => all.filter((it) => it !== who));
    const unlisten = client.on('signal', ({ room, data }) => {
      if (room !== channel || !('from' in data) || data.from.user === user?.id) return;
      const who = data.from.user;
      clearTimeout(timers.get(who));
      timers.set(who, setTimeout(() => stop(who), STOPPED_AFTER_MS));
      setWriters((all) => (all.includes(who) ? all : [...all, who]));
    });
    client.subscribe(channel);
    return () => {
      unlisten();
      client.unsubscribe(channel);
      timers.forEach(clearTimeout);
      setWriters([]);
    };
  }, [client, channel, user]);
  const write = useCallback(() => {
    const now_ms = performance.now();
    if (now_ms - saidAt_ms.current < SAY_EVERY_MS) return;
    saidAt_ms.current = now_ms;
    client.signal(channel, { typing: true });
  }, [client, channel]);
  return { writers, write };
}
