import { useTranslation } from 'react-i18next';

import { useStanding } from '../../live/hooks';
import { Empty } from '../../shared/Empty';
import { Loading } from '../../shared/Loading';
import { Page } from '../../shared/Page';
import { VirtualGrid } from '../../shared/VirtualGrid';
import { ActionCard } from '../../things/ActionCard';
import { AlarmCard } from '../../things/AlarmCard';
import type { Need } from '../../things/needs';
import { TaskCard } from '../../things/TaskCard';
import { useNeeds } from '../../things/useNeeds';
import classes from './Inbox.module.css';

/** What waits for whoever is logged in: one list, first things first. */
export default function Inbox() {
  const { t } = useTranslation();
  const { state } = useStanding();
  const needs = useNeeds();
  const isUnknown = state === 'first' && needs.length === 0;
  return (
    <Page title={t('inbox.title')}>
      {isUnknown && <Loading />}
      {!isUnknown && needs.length === 0 && <Empty>{t('inbox.nothing')}</Empty>}
      {needs.length > 0 && (
        <div className={classes.list}>
          <VirtualGrid
            label={t('inbox.title')}
            items={needs}
            columnsMax={1}
            tileMin_px={320}
            rowGuess_px={180}
            keyOf={({ kind, id }) => `${kind}:${id}`}
          >
            {(need) => <NeedCard need={need} />}
          </VirtualGrid>
        </div>
      )}
    </Page>
  );
}

function NeedCard({ need }: { need: Need }) {
  switch (need.kind) {
    case 'action':
      return <ActionCard action={need.thing} />;
    case 'proposal':
    case 'task':
      return <TaskCard task={need.thing} />;
    case 'alarm':
      return <AlarmCard alarm={need.thing} />;
  }
}
