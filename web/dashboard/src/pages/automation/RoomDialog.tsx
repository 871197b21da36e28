import { Select, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { useThings } from '../../live/hooks';
import { FormButtons } from '../../shared/FormButtons';
import { FormDialog } from '../../shared/FormDialog';
import { Notice } from '../../shared/Notice';
import { useRoomName } from '../../shared/useRoomName';
import { byName } from '../../things/order';
import { type Chosen, chosenOf, FEATURES, LEVELS, ownRooms, PATH, roomBody, type Setting } from './automation';

/** Whose levels are edited, and the setting that is seen meanwhile. No room: which one is asked, too. */
export interface RoomEdit {
  room?: string;
  setting: Setting;
}

/** Gives a room levels of its own. `now` is the setting that holds. */
export function RoomDialog({ edit, now, onClose }: { edit: RoomEdit | undefined; now: Setting; onClose(): void }) {
  const { t } = useTranslation();
  const nameOf = useRoomName();
  return (
    <FormDialog
      title={edit?.room === undefined ? t('automation.add') : t('automation.edit_of', { room: nameOf(edit.room) })}
      isOpen={edit !== undefined}
      onClose={onClose}
    >
      {edit && <RoomForm edit={edit} isOvertaken={edit.setting.revision !== now.revision} onClose={onClose} />}
    </FormDialog>
  );
}

function RoomForm({ edit, isOvertaken, onClose }: { edit: RoomEdit; isOvertaken: boolean; onClose(): void }) {
  const { t } = useTranslation();
  const rooms = useThings('rooms');
  const nameOf = useRoomName();
  const { act, isBusy } = useAct();
  const { setting } = edit;
  const form = useForm<Chosen & { room: string | null }>({
    initialValues: { room: edit.room ?? null, ...chosenOf(edit.room === undefined ? undefined : setting.rooms[edit.room]) },
    validate: {
      room: (room) => (room === null ? t('automation.room_missing') : null),
      occupancy: (_level, values) => (edit.room === undefined && roomBody(values) === null ? t('automation.nothing_own') : null),
    },
  });
  const save = async ({ room, ...chosen }: Chosen & { room: string | null }) => {
    if (room === null) return;
    const label = t('automation.levels_of', { room: nameOf(room) });
    const body = { rooms: { [room]: roomBody(chosen) } };
    const done = await act({ method: 'PUT', path: PATH, body, ifMatch: setting.revision, label, renews: [PATH] });
    if (done) onClose();
  };
  const own = new Set(ownRooms(setting).map(([id]) => id));
  const free = [...rooms].sort(byName).filter(({ id }) => !own.has(id));
  return (
    <form onSubmit={form.onSubmit((values) => void save(values))}>
      <Stack gap="md">
        {edit.room === undefined && (
          <Select
            label={t('automation.room')}
            data={free.map(({ id }) => ({ value: id, label: nameOf(id) }))}
            searchable
            data-autofocus
            nothingFoundMessage={t('automation.no_room')}
            {...form.getInputProps('room')}
          />
        )}
        {FEATURES.map((feature) => (
          <Select
            key={feature}
            label={t(`automation.feature.${feature}`)}
            allowDeselect={false}
            data={[
              { value: 'clinic', label: t('automation.as_clinic', { level: t(`automation.level.${setting[feature]}`) }) },
              ...LEVELS.map((level) => ({ value: level, label: t(`automation.level.${level}`) })),
            ]}
            {...form.getInputProps(feature)}
          />
        ))}
        {isOvertaken && <Notice tone="attention">{t('automation.overtaken')}</Notice>}
      </Stack>
      <FormButtons isBusy={isBusy} isDisabled={isOvertaken} onCancel={onClose}>
        {t('automation.set')}
      </FormButtons>
    </form>
  );
}
