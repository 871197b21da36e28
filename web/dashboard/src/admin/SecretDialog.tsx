import { Button, CopyButton, Group, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import classes from './Facts.module.css';

/** A secret that was told once. */
export interface Told {
  /** Whose it is. */
  of: string;
  secret: string;
  /** What to do with it, where that does not say itself. */
  about?: string;
}

/** Shows a secret that the gateway tells once. It is nowhere in this page afterwards. */
export function SecretDialog({ told, onClose }: { told: Told | undefined; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={told !== undefined}
      onClose={onClose}
      title={t('admin.secret_title', { of: told?.of })}
      centered
      // Only who says that it is kept loses it: no slip beside the dialog, and no key pressed once more.
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Text mb="sm">{t('admin.secret_once')}</Text>
      {told?.about && <Text mb="sm">{told.about}</Text>}
      <code className={classes.secret} tabIndex={-1} data-autofocus>
        {told?.secret}
      </code>
      <Group justify="flex-end" mt="lg">
        {/* A browser hands the clipboard to pages over TLS, or of its own machine, only; the text can be marked anywhere. */}
        {window.isSecureContext && (
          <CopyButton value={told?.secret ?? ''}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? t('admin.copied') : t('admin.copy')}
              </Button>
            )}
          </CopyButton>
        )}
        <Button onClick={onClose}>{t('admin.have_it')}</Button>
      </Group>
    </Modal>
  );
}
