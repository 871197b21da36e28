import { Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { FormButtons } from '../../shared/FormButtons';
import { FormDialog } from '../../shared/FormDialog';

/** The longest comment that the gateway keeps, in characters. */
const COMMENT_MAX = 512;

/** Something that the agent decided, and what somebody thinks of it. */
export interface Rating {
  task_id?: string;
  action_id?: string;
  title: string;
  verdict: 'helpful' | 'wrong';
}

/** Asks for a few words along with the verdict. */
export function FeedbackDialog({ rating, onClose }: { rating: Rating | undefined; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <FormDialog title={rating && t(`agent.verdict.${rating.verdict}`)} isOpen={rating !== undefined} onClose={onClose}>
      {rating && <FeedbackForm rating={rating} onClose={onClose} />}
    </FormDialog>
  );
}

function FeedbackForm({ rating, onClose }: { rating: Rating; onClose(): void }) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const form = useForm({ initialValues: { comment: '' } });
  const send = async ({ comment }: { comment: string }) => {
    const { title, ...about } = rating;
    const text = comment.trim();
    const sent = await act({
      method: 'POST',
      path: '/api/agent/feedback',
      body: { ...about, ...(text !== '' && { comment: text }) },
      label: t('agent.feedback_on', { title }),
      renews: ['/api/agent/feedback'],
    });
    if (sent) onClose();
  };
  return (
    <form onSubmit={form.onSubmit((values) => void send(values))}>
      <Text mb="sm">{rating.title}</Text>
      <Textarea label={t('agent.comment')} autosize minRows={3} maxLength={COMMENT_MAX} data-autofocus {...form.getInputProps('comment')} />
      <FormButtons isBusy={isBusy} onCancel={onClose}>
        {t('admin.send')}
      </FormButtons>
    </form>
  );
}
