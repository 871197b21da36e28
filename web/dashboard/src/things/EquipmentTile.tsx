import type { Equipment } from '@caresync/client';
import { Button, Group, Text } from '@mantine/core';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useIsPending } from '../live/hooks';
import { useMe } from '../session/me';
import { Age } from '../shared/Age';
import { ReasonDialog } from '../shared/ReasonDialog';
import { Tile } from '../shared/Tile';
import { EQUIPMENT_LOOKS } from '../shared/tones';
import { About } from './Card';
import classes from './RoomTile.module.css';
import { useEquipmentWork } from './useEquipmentWork';

/** A piece of equipment: how it does, since when, where it stands, and what staff say of it. */
export const EquipmentTile = memo(function EquipmentTile({ equipment }: { equipment: Equipment }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const { tone, icon: Icon } = EQUIPMENT_LOOKS[equipment.status];
  const name = equipment.name ?? equipment.id;
  const due = equipment.next_maintenance_date;
  return (
    <Tile label={name} tone={tone} isPending={useIsPending('equipment', equipment.id)}>
      <Text component="h2" fw={650} size="md" className={classes.name}>
        {name}
      </Text>
      <div className={classes.status}>
        <Icon size="1.3em" aria-hidden />
        <span data-equipment-status={equipment.status}>{t(`equipment.status.${equipment.status}`)}</span>
        <span className={classes.since}>
          <Age of={equipment.since} />
        </span>
      </div>
      <Text size="sm" c="dimmed" component="div">
        <About room_id={equipment.room_id} />
        {due && (
          <div>{t('equipment.due', { date: new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' }).format(new Date(due)) })}</div>
        )}
      </Text>
      {me.may('equipment') && (
        <Group gap="xs" mt="auto">
          <EquipmentActions equipment={equipment} name={name} />
        </Group>
      )}
    </Tile>
  );
});

function EquipmentActions({ equipment, name }: { equipment: Equipment; name: string }) {
  const { t } = useTranslation();
  const work = useEquipmentWork();
  const [isLogging, setLogging] = useState(false);
  const says = ({ operational: ['in_use', 'needs_maintenance'], in_use: ['operational', 'needs_maintenance'] } as const)[
    equipment.status as 'operational'
  ] ?? ['operational' as const];
  return (
    <>
      {says.map((status) => (
        <Button
          key={status}
          size="sm"
          variant="default"
          aria-label={`${name}: ${t(`equipment.say.${status}`)}`}
          onClick={() => void work.say(equipment, status)}
        >
          {t(`equipment.say.${status}`)}
        </Button>
      ))}
      {equipment.status === 'needs_maintenance' && (
        <Button size="sm" variant="light" onClick={() => setLogging(true)} aria-label={`${name}: ${t('equipment.maintained')}`}>
          {t('equipment.maintained')}
        </Button>
      )}
      <ReasonDialog
        title={name}
        label={t('equipment.what_was_done')}
        confirm={t('equipment.maintained')}
        isOpen={isLogging}
        onClose={() => setLogging(false)}
        onSubmit={(text) => {
          setLogging(false);
          void work.maintain(equipment, text);
        }}
      />
    </>
  );
}
