import { Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';

import { useStanding, useThing, useThings } from '../../live/hooks';
import { Empty } from '../../shared/Empty';
import { Loading } from '../../shared/Loading';
import { Missing } from '../../shared/Missing';
import { Page } from '../../shared/Page';
import { ActionCard } from '../../things/ActionCard';
import { EquipmentTile } from '../../things/EquipmentTile';
import { byName, byPriority, byUrgency } from '../../things/order';
import { RoomTile } from '../../things/RoomTile';
import { TaskCard } from '../../things/TaskCard';
import classes from './RoomDetail.module.css';

/** One room, and everything that is going on there. */
export default function RoomDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { state } = useStanding();
  const room = useThing('rooms', id);
  const work = useWorkIn(id);
  if (!room) return state === 'first' ? <Loading /> : <Missing title={t('rooms.title')}>{t('room.gone')}</Missing>;
  return (
    <Page title={room.name ?? room.id}>
      <Stack gap="lg">
        <div className={classes.room}>
          <RoomTile room={room} />
        </div>
        {room.occupancy.sources.length > 0 && (
          <Text c="dimmed">{t('room.sources', { sources: room.occupancy.sources.join(', ') })}</Text>
        )}
        {work.count === 0 && <Empty>{t('room.quiet')}</Empty>}
        {work.actions.length > 0 && (
          <section>
            <Title order={2} size="h3" mb="sm">
              {t('actions.title')}
            </Title>
            <div className={classes.cards}>{work.actions.map((it) => <ActionCard key={it.id} action={it} />)}</div>
          </section>
        )}
        {work.tasks.length > 0 && (
          <section>
            <Title order={2} size="h3" mb="sm">
              {t('tasks.title')}
            </Title>
            <div className={classes.cards}>{work.tasks.map((it) => <TaskCard key={it.id} task={it} />)}</div>
          </section>
        )}
        {work.equipment.length > 0 && (
          <section>
            <Title order={2} size="h3" mb="sm">
              {t('equipment.title')}
            </Title>
            <div className={classes.cards}>{work.equipment.map((it) => <EquipmentTile key={it.id} equipment={it} />)}</div>
          </section>
        )}
      </Stack>
    </Page>
  );
}

/** What is open in a room, and what stands there. */
function useWorkIn(roomId: string) {
  const actions = useThings('actions');
  const tasks = useThings('tasks');
  const equipment = useThings('equipment');
  return useMemo(() => {
    const isHere = (it: { room_id: string | null }) => it.room_id === roomId;
    const found = {
      actions: actions.filter((it) => isHere(it) && it.status !== 'completed').sort(byUrgency),
      tasks: tasks.filter((it) => isHere(it) && ['proposed', 'pending', 'in_progress'].includes(it.status)).sort(byPriority),
      equipment: equipment.filter(isHere).sort(byName),
    };
    return { ...found, count: found.actions.length + found.tasks.length + found.equipment.length };
  }, [roomId, actions, tasks, equipment]);
}
