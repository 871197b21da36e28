import type { components } from '@caresync/client';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Answered } from '../../admin/Answered';
import { useAsked } from '../../admin/asked';
import { Rows } from '../../admin/Rows';
import { Section } from '../../admin/Section';
import { Age } from '../../shared/Age';
import { StatusBadge } from '../../shared/Badge';
import { Empty } from '../../shared/Empty';
import { useWho } from '../../shared/useWho';

type Feedback = components['schemas']['Feedback'];

/** What people said of the agent's work; for admins. */
export function FeedbackList() {
  const { t } = useTranslation();
  const who = useWho();
  const query = useAsked<{ feedback: Feedback[] }>('/api/agent/feedback');
  return (
    <Section title={t('agent.feedback')}>
      <Answered query={query}>
        {({ feedback }) =>
          feedback.length === 0 ? (
            <Empty>{t('agent.no_feedback')}</Empty>
          ) : (
            <Rows
              label={t('agent.feedback')}
              items={feedback}
              keyOf={({ id }) => id}
              columns={[
                { name: t('admin.when'), of: (it) => <Age of={it.at} /> },
                { name: t('admin.who'), of: (it) => who(it.by) },
                {
                  name: t('agent.verdict_name'),
                  of: (it) => (
                    <StatusBadge tone={it.verdict === 'helpful' ? 'good' : 'attention'}>{t(`agent.verdict.${it.verdict}`)}</StatusBadge>
                  ),
                },
                { name: t('agent.comment'), of: (it) => it.comment },
                {
                  name: t('agent.about'),
                  of: (it) => (it.task_id ? <Link to={`/tasks/${encodeURIComponent(it.task_id)}`}>{t('task.title')}</Link> : it.action_id),
                },
              ]}
            />
          )
        }
      </Answered>
    </Section>
  );
}
