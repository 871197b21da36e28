import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** What a form in a dialog ends with: leave it, or send it by the button that is named as what it does. */
export function FormButtons(props: { children: ReactNode; isBusy?: boolean; isDisabled?: boolean; onCancel(): void }) {
  const { children, isBusy = false, isDisabled = false, onCancel } = props;
  const { t } = useTranslation();
  return (
    <Group justify="flex-end" mt="sm">
      <Button variant="default" onClick={onCancel}>
        {t('shared.cancel')}
      </Button>
      <Button type="submit" loading={isBusy} disabled={isDisabled}>
        {children}
      </Button>
    </Group>
  );
}
