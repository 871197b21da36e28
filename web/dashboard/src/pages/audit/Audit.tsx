import { Button, Group, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { Answered } from '../../admin/Answered';
import { Empty } from '../../shared/Empty';
import { Notice } from '../../shared/Notice';
import { Page } from '../../shared/Page';
import { Entries } from './Entries';
import { Filters } from './Filters';
import { askedIn, questionOf } from './trail';
import { useTrail } from './useTrail';

/** Who did what, when, from where, and what came of it. */
export default function Audit() {
  const { t } = useTranslation();
  const [question, setQuestion] = useSearchParams();
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
          asked={asked}
          onAsk={(changed) => setQuestion(questionOf({ ...asked, ...changed }), { replace: true, preventScrollReset: true })}
          onClear={() => setQuestion({}, { replace: true, preventScrollReset: true })}
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
