import { Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { FormButtons } from './FormButtons';
import { FormDialog } from './FormDialog';

/** The longest text that the gateway keeps, in bytes. */
const TEXT_BYTES_MAX = 2_048;

/** What a reason is asked for. */
export interface ReasonDialogProps {
  title: string;
  /** What the field is called. */
  label: string;
  /** The verb on the button. */
  confirm: string;
  isOpen: boolean;
  /** Nothing may be written, too. */
  isOptional?: boolean;
  onSubmit(reason: string): void;
  onClose(): void;
}

/** Asks why, or for any other short text that goes along with a change. */
export function ReasonDialog(props: ReasonDialogProps) {
  const { title, isOpen, onClose } = props;
  return (
    <FormDialog title={title} isOpen={isOpen} onClose={onClose}>
      <ReasonForm {...props} />
    </FormDialog>
  );
}

/** Begins empty whenever the dialog opens. */
function ReasonForm({ label, confirm, isOptional = false, onSubmit, onClose }: ReasonDialogProps) {
  const { t } = useTranslation();
  const form = useForm({
    initialValues: { reason: '' },
    validate: {
      reason: (text) => {
        if (!isOptional && text.trim() === '') return t('shared.reason_missing');
        if (new TextEncoder().encode(text.trim()).length > TEXT_BYTES_MAX) return t('shared.text_too_long');
        return null;
      },
    },
  });
  return (
    <form onSubmit={form.onSubmit(({ reason }) => onSubmit(reason.trim()))}>
      <Textarea label={label} autosize minRows={3} data-autofocus required={!isOptional} {...form.getInputProps('reason')} />
      <FormButtons onCancel={onClose}>{confirm}</FormButtons>
    </form>
  );
}
