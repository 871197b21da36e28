import type { Room } from '@caresync/client';
import { useTranslation } from 'react-i18next';

import { useLive } from '../live/hooks';
import { useChange } from '../live/useChange';

/** What staff may say of a room. */
export type Said = 'available' | 'occupied' | 'needs_cleaning' | 'maintenance';

/** What people do with a room. Each shows at once, and rests on the room as it was shown. */
export function useRoomWork() {
  const { t } = useTranslation();
  const change = useChange();
  const { clock } = useLive();
  return {
    /** Says what a room is like; with a doctor, who is in it. */
    say: (room: Room, status: Said, doctorId?: string) =>
      change({
        kind: 'rooms',
        id: room.id,
        method: 'PUT',
        path: `/api/rooms/${encodeURIComponent(room.id)}/status`,
        body: { status, ...(doctorId !== undefined && { current_doctor_id: doctorId }) },
        ifMatch: room.revision,
        label: `${room.name ?? room.id}: ${t(`room.status.${status}`)}`,
        optimistic: {
          status,
          // Why and since when it was what it was says nothing of this.
          occupancy: { ...room.occupancy, why: t('room.unconfirmed') },
          ...(clock.now_ms !== undefined && { since: new Date(clock.now_ms).toISOString() }),
          ...(doctorId !== undefined && { current_doctor_id: doctorId }),
        },
      }),
    /** Lets sensing rest, for privacy, or go on. */
    pause: (room: Room, paused: boolean) =>
      change({
        kind: 'rooms',
        id: room.id,
        method: 'PUT',
        path: `/api/rooms/${encodeURIComponent(room.id)}/sensing`,
        body: { paused },
        ifMatch: room.revision,
        label: `${room.name ?? room.id}: ${t(paused ? 'room.pause' : 'room.resume')}`,
        optimistic: { occupancy: { ...room.occupancy, paused } },
      }),
  };
}
