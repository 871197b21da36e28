import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A dialog in which something is written. Its form stands in a component of its own: it begins anew whenever this opens. */
export function FormDialog(props: { title: ReactNode; isOpen: boolean; size?: 'md' | 'lg'; children: ReactNode; onClose(): void }) {
  const { title, isOpen, size = 'md', children, onClose } = props;
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      size={size}
      centered
      // A slip beside the dialog must not lose what was written.
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      {children}
    </Modal>
  );
}
