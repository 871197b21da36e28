import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { Empty } from '../../shared/Empty';
import { Notice } from '../../shared/Notice';
import { Page } from '../../shared/Page';
import { useQuestion } from '../../shared/useQuestion';
import { Entries } from './Entries';
import { Filters } from './Filters';
import { askedIn, NOTHING } from './trail';
import { useTrail } from './useTrail';

/** Who did what, when, from where, and what came of it. */
export default function Audit() {
  const { t } = useTranslation();
  const [question, ask] = useQuestion();
  // Counts how often everything was cleared: the fields begin anew then, and what waits in them is not told any more.
  const [cleared, setCleared] = useState(0);
  const asked = askedIn(question);
  const trail = useTrail(asked);
  const again = (
    <Button variant="default" loading={trail.isRefetching} onClick={() => void trail.refetch()}>
      {t('audit.again')}
    </Button>
  );
  return (
    <Page title={t('audit.title')} aside={again}>
      <Stack gap="md">
        <Filters
          key={cleared}
          asked={asked}
          onAsk={ask}
          onClear={() => {
            setCleared(cleared + 1);
            ask(NOTHING);
          }}
        />
        <Answered query={trail}>
          {({ pages }) => (
            <Trail
              entries={pages.flatMap(({ audit }) => audit)}
              unreadable={pages.flatMap((it) => it.unreadable)}
              older={trail.hasNextPage ? { isBusy: trail.isFetchingNextPage, ask: () => void trail.fetchNextPage() } : undefined}
            />
          )}
        </Answered>
      </Stack>
    </Page>
  );
}

interface TrailProps {
  entries: Parameters<typeof Entries>[0]['entries'];
  /** The places of entries that cannot be read. */
  unreadable: readonly number[];
  older: { isBusy: boolean; ask(): void } | undefined;
}

function Trail({ entries, unreadable, older }: TrailProps) {
  const { t } = useTranslation();
  return (
    <>
      {unreadable.length > 0 && (
        <Notice tone="attention" title={t('audit.unreadable', { count: unreadable.length })}>
          {t('audit.unreadable_remedy', { places: unreadable.join(', ') })}
        </Notice>
      )}
      {entries.length === 0 ? <Empty>{t('audit.nothing')}</Empty> : <Entries entries={entries} />}
      <Group justify="center">
        {older ? (
          <Button variant="default" loading={older.isBusy} onClick={older.ask}>
            {t('audit.older')}
          </Button>
        ) : (
          entries.length > 0 && <span>{t('audit.end')}</span>
        )}
      </Group>
    </>
  );
}
