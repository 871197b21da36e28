import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useStanding, useThings } from '../../live/hooks';
import { Empty } from '../../shared/Empty';
import { Loading } from '../../shared/Loading';
import { Page } from '../../shared/Page';
import { VirtualGrid } from '../../shared/VirtualGrid';
import { EquipmentTile } from '../../things/EquipmentTile';
import { byTrouble } from '../../things/order';

/** Equipment: what is out of order first. */
export default function Equipment() {
  const { t } = useTranslation();
  const { state } = useStanding();
  const all = useThings('equipment');
  const shown = useMemo(() => [...all].sort(byTrouble), [all]);
  return (
    <Page title={t('equipment.title')}>
      {shown.length === 0 ? (
        state === 'first' ? <Loading /> : <Empty>{t('equipment.nothing')}</Empty>
      ) : (
        <VirtualGrid label={t('equipment.title')} items={shown} tileMin_px={280} rowGuess_px={160} keyOf={({ id }) => id}>
          {(equipment) => <EquipmentTile equipment={equipment} />}
        </VirtualGrid>
      )}
    </Page>
  );
}
