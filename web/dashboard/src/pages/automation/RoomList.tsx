import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useAct } from '../../admin/asked';
import { Rows } from '../../admin/Rows';
import { Section } from '../../admin/Section';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import { useRoomName } from '../../shared/useRoomName';
import { FEATURES, ownRooms, PATH, ROOMS_MAX, type RoomLevels, type Setting } from './automation';
import { RoomDialog, type RoomEdit } from './RoomDialog';

/** Rooms with levels of their own. */
export function RoomList({ setting }: { setting: Setting }) {
  const { t } = useTranslation();
  const [edit, setEdit] = useState<RoomEdit>();
  const [ending, setEnding] = useState<{ room: string; revision: number }>();
  const own = ownRooms(setting);
  return (
    <Section
      title={t('automation.rooms')}
      about={t('automation.rooms_about', { max: ROOMS_MAX })}
      aside={
        <Button variant="default" disabled={own.length >= ROOMS_MAX} onClick={() => setEdit({ setting })}>
          {t('automation.add')}
        </Button>
      }
    >
      {own.length === 0 ? (
        <Empty>{t('automation.no_rooms')}</Empty>
      ) : (
        <RoomRows
          own={own}
          setting={setting}
          onEdit={(room) => setEdit({ room, setting })}
          onEnd={(room) => setEnding({ room, revision: setting.revision })}
        />
      )}
      <RoomDialog edit={edit} now={setting} onClose={() => setEdit(undefined)} />
      <EndDialog ending={ending} onClose={() => setEnding(undefined)} />
    </Section>
  );
}

function RoomRows(props: { own: [string, RoomLevels][]; setting: Setting; onEdit(room: string): void; onEnd(room: string): void }) {
  const { own, setting, onEdit, onEnd } = props;
  const { t } = useTranslation();
  const nameOf = useRoomName();
  return (
    <Rows
      label={t('automation.rooms')}
      items={own}
      keyOf={([id]) => id}
      minWidth_px={820}
      columns={[
        { name: t('automation.room'), of: ([id]) => <Link to={`/rooms/${encodeURIComponent(id)}`}>{nameOf(id)}</Link> },
        ...FEATURES.map((feature) => ({
          name: t(`automation.feature.${feature}`),
          of: ([, levels]: [string, RoomLevels]) => {
            const level = levels[feature];
            if (level) return t(`automation.level.${level}`);
            return (
              <Text size="sm" c="dimmed">
                {t('automation.as_clinic', { level: t(`automation.level.${setting[feature]}`) })}
              </Text>
            );
          },
        })),
        {
          name: t('automation.change'),
          of: ([id]) => (
            <Group gap="xs" wrap="nowrap">
              <Button variant="default" aria-label={`${nameOf(id)}: ${t('automation.edit')}`} onClick={() => onEdit(id)}>
                {t('automation.edit')}
              </Button>
              <Button variant="default" aria-label={`${nameOf(id)}: ${t('automation.end')}`} onClick={() => onEnd(id)}>
                {t('automation.end')}
              </Button>
            </Group>
          ),
        },
      ]}
    />
  );
}

/** Asks before a room goes by the clinic's levels again. */
function EndDialog({ ending, onClose }: { ending: { room: string; revision: number } | undefined; onClose(): void }) {
  const { t } = useTranslation();
  const nameOf = useRoomName();
  const { act, isBusy } = useAct();
  const room = ending ? nameOf(ending.room) : '';
  const end = async () => {
    if (!ending) return;
    const body = { rooms: { [ending.room]: null } };
    await act({ method: 'PUT', path: PATH, body, ifMatch: ending.revision, label: t('automation.ended', { room }), renews: [PATH] });
    onClose();
  };
  return (
    <ConfirmDialog
      title={t('automation.end_of', { room })}
      confirm={t('automation.end')}
      isOpen={ending !== undefined}
      isBusy={isBusy}
      onConfirm={() => void end()}
      onClose={onClose}
    >
      {t('automation.end_means')}
    </ConfirmDialog>
  );
}
