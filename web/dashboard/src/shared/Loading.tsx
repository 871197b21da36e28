import { Center, Loader } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Says that something is on its way. */
export function Loading() {
  const { t } = useTranslation();
  return (
    <Center mih="40vh">
      <Loader role="status" aria-label={t('shared.loading')} />
    </Center>
  );
}
