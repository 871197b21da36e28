import { useMemo } from 'react';

import { useThings } from '../live/hooks';

/** What a room is called. */
export function useRoomName(): (id: string) => string {
  const rooms = useThings('rooms');
  const names = useMemo(() => new Map(rooms.map(({ id, name }) => [id, name])), [rooms]);
  return (id) => names.get(id) ?? id;
}
