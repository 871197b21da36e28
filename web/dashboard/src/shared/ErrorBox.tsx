import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Notice } from './Notice';
import { told } from './problems';

/** An error where its answer would have been, with what helps, and a way to try again. */
export function ErrorBox({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const { text, remedy } = told(error, t);
  return (
    <Notice tone="danger" title={text} role="alert">
      {remedy}
      {retry && (
        <Button mt="sm" variant="default" onClick={retry} display="block">
          {t('shared.retry')}
        </Button>
      )}
    </Notice>
  );
}
