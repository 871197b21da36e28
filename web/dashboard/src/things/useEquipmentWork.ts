import type { Equipment } from '@caresync/client';
import { useTranslation } from 'react-i18next';

import { useLive } from '../live/hooks';
import { useChange } from '../live/useChange';

/** What people do with equipment. Each shows at once, and rests on the thing as it was shown. */
export function useEquipmentWork() {
  const { t } = useTranslation();
  const change = useChange();
  const { clock } = useLive();
  const pathOf = (it: Equipment) => `/api/equipment/${encodeURIComponent(it.id)}`;
  return {
    say: (equipment: Equipment, status: Equipment['status']) =>
      change({
        kind: 'equipment',
        id: equipment.id,
        method: 'PUT',
        path: `${pathOf(equipment)}/status`,
        body: { status },
        ifMatch: equipment.revision,
        label: `${equipment.name ?? equipment.id}: ${t(`equipment.status.${status}`)}`,
        optimistic: { status, ...(clock.now_ms !== undefined && { since: new Date(clock.now_ms).toISOString() }) },
      }),
    /** Writes into its log what was done. */
    maintain: (equipment: Equipment, text: string) =>
      change({
        kind: 'equipment',
        id: equipment.id,
        method: 'POST',
        path: `${pathOf(equipment)}/maintenance`,
        body: { text },
        ifMatch: equipment.revision,
        label: `${equipment.name ?? equipment.id}: ${t('equipment.maintained')}`,
        optimistic: {},
      }),
  };
}
