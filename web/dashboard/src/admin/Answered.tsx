import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Age } from '../shared/Age';
import { ErrorBox } from '../shared/ErrorBox';
import { Loading } from '../shared/Loading';

/** A question to the gateway, as far as what became of it: one answer, or one page after the other. */
interface Query<T> {
  data: T | undefined;
  error: unknown;
  isPending: boolean;
  dataUpdatedAt: number;
  refetch(): unknown;
}

/** What was answered; that it is awaited; or why it did not come. An old answer stays, and says how old it is. */
export function Answered<T>({ query, children }: { query: Query<T>; children: (answer: T) => ReactNode }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch, dataUpdatedAt } = query;
  if (isPending) return <Loading />;
  const retry = () => void refetch();
  if (data === undefined) return <ErrorBox error={error} retry={retry} />;
  return (
    <Stack gap="md">
      {error != null && (
        <>
          <ErrorBox error={error} retry={retry} />
          <Text size="sm" c="dimmed" data-stale-mark>
            {t('admin.as_of')} <Age of={new Date(dataUpdatedAt).toISOString()} />
          </Text>
        </>
      )}
      {children(data)}
    </Stack>
  );
}
