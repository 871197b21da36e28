import { Alert, Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { told } from './problems';

/** An error where its answer would have been, with what helps, and a way to try again. */
export function ErrorBox({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const { text, remedy } = told(error, t);
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={text} role="alert">
      {remedy}
      {retry && (
        <Button mt="sm" variant="default" onClick={retry} display="block">
          {t('shared.retry')}
        </Button>
      )}
    </Alert>
  );
}
