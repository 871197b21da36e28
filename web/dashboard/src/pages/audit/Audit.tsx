import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { Empty } from '../../shared/Empty';
import { ErrorBox } from '../../shared/ErrorBox';
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
  // Then what is there is as good as before: only the next page is asked for again, where it would have come.
  const isOlderLost = trail.isFetchNextPageError;
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
        <Answered query={isOlderLost ? { ...trail, error: null } : trail}>
          {({ pages }) => (
            <Trail
              entries={pages.flatMap(({ audit }) => audit)}
              unreadable={pages.flatMap((it) => it.unreadable)}
              older={
                trail.hasNextPage
                  ? { isBusy: trail.isFetchingNextPage, error: isOlderLost ? trail.error : null, ask: () => void trail.fetchNextPage() }
                  : undefined
              }
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
  /** The page before these, if there is one; `error` says why it did not come. */
  older: { isBusy: boolean; error: unknown; ask(): void } | undefined;
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
      {/* The gateway looks through so many at a time: none of them may fit while older ones do. */}
      {entries.length === 0 ? <Empty>{t(older ? 'audit.nothing_yet' : 'audit.nothing')}</Empty> : <Entries entries={entries} />}
      {older?.error != null && !older.isBusy && <ErrorBox error={older.error} retry={older.ask} />}
      <Group justify="center">
        {older && (older.error == null || older.isBusy) && (
          <Button variant="default" loading={older.isBusy} onClick={older.ask}>
            {t('audit.older')}
          </Button>
        )}
        {!older && entries.length > 0 && <span>{t('audit.end')}</span>}
      </Group>
    </>
  );
}
