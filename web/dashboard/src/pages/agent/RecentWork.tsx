import { Button, Group, Text } from '@mantine/core';
import { IconRobot, IconThumbDown, IconThumbUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Tiles } from '../../admin/Facts';
import { useMe } from '../../session/me';
import { Age } from '../../shared/Age';
import { StatusBadge } from '../../shared/Badge';
import { Empty } from '../../shared/Empty';
import { Tile } from '../../shared/Tile';
import { TASK_LOOKS, URGENCY_TONES } from '../../shared/tones';
import { About } from '../../things/Card';
import card from '../../things/Card.module.css';
import { useLabels } from '../../things/useLabels';
import { FeedbackDialog, type Rating } from './FeedbackDialog';
import type { Work } from './recent';

/** What the agent made, with the reason that it gave, and a way to say what one thinks of it. */
export function RecentWork({ work }: { work: readonly Work[] }) {
  const { t } = useTranslation();
  const [rating, setRating] = useState<Rating>();
  if (work.length === 0) return <Empty icon={IconRobot}>{t('agent.nothing')}</Empty>;
  return (
    <>
      <Tiles label={t('agent.recent')} items={work} keyOf={({ it }) => it.id}>
        {(one) => <WorkTile work={one} onRate={setRating} />}
      </Tiles>
      <FeedbackDialog rating={rating} onClose={() => setRating(undefined)} />
    </>
  );
}

function WorkTile({ work, onRate }: { work: Work; onRate(rating: Rating): void }) {
  const { t } = useTranslation();
  const me = useMe();
  const { taskType } = useLabels();
  const title = work.kind === 'task' ? taskType(work.it) : (work.it.title ?? t(`action.type.${work.it.type}`));
  const rated = work.kind === 'task' ? { task_id: work.it.id } : { action_id: work.it.id };
  return (
    <Tile label={title} tone={work.kind === 'task' ? TASK_LOOKS[work.it.status].tone : URGENCY_TONES[work.it.urgency]}>
      <Group gap="xs">
        <StatusOf work={work} />
      </Group>
      <Text fw={650} component="h3" className={card.title}>
        {work.kind === 'task' ? <Link to={`/tasks/${encodeURIComponent(work.it.id)}`}>{title}</Link> : title}
      </Text>
      {work.it.reasoning && (
        <Text size="sm">
          <b>{t('task.reasoning')}:</b> {work.it.reasoning}
        </Text>
      )}
      <Text size="sm" c="dimmed" component="div">
        <About {...work.it} /> <Age of={work.at} />
      </Text>
      {me.may('tasks') && (
        <Group gap="xs" mt="auto">
          <Button variant="default" leftSection={<IconThumbUp size={18} aria-hidden />} onClick={() => onRate({ ...rated, title, verdict: 'helpful' })}>
            {t('agent.verdict.helpful')}
          </Button>
          <Button variant="default" leftSection={<IconThumbDown size={18} aria-hidden />} onClick={() => onRate({ ...rated, title, verdict: 'wrong' })}>
            {t('agent.verdict.wrong')}
          </Button>
        </Group>
      )}
    </Tile>
  );
}

function StatusOf({ work }: { work: Work }) {
  const { t } = useTranslation();
  if (work.kind === 'action') {
    return <StatusBadge tone={URGENCY_TONES[work.it.urgency]}>{t(`urgency.${work.it.urgency}`)}</StatusBadge>;
  }
  const { tone, icon } = TASK_LOOKS[work.it.status];
  return (
    <StatusBadge tone={tone} icon={icon}>
      {t(`task.status.${work.it.status}`)}
    </StatusBadge>
  );
}
