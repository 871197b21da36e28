// What is common to the cards of work: what it is, what it is about, how long it waits, and what can be done.

import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { useThing } from '../live/hooks';
import { Age } from '../shared/Age';
import { Tile } from '../shared/Tile';
import type { Tone } from '../shared/tones';
import { useDoctors } from '../shared/useDoctors';
import classes from './Card.module.css';

/** What a card is given. */
export interface CardProps {
  title: string;
  /** Where it can be read in full. */
  to?: string;
  tone: Tone;
  badges: ReactNode;
  /** Since when it waits. */
  since: string;
  text?: string | undefined;
  /** Why whoever made it holds it to be right. */
  why?: string | null | undefined;
  /** All of the text, and not its first lines. */
  isFull?: boolean;
  about: { room_id?: string | null; equipment_id?: string | null; doctor_id?: string | null };
  /** Who has it, in words. */
  who?: string | undefined;
  isPending: boolean;
  actions: ReactNode;
}

/** One piece of work. */
export function Card(props: CardProps) {
  const { title, to, tone, badges, since, text, why, isFull = false, about, who, isPending, actions } = props;
  const { t } = useTranslation();
  return (
    <Tile label={title} tone={tone} isPending={isPending}>
      <Group gap="xs">{badges}</Group>
      <Text fw={650} size="lg" component="h2" className={classes.title}>
        {to ? <Link to={to}>{title}</Link> : title}
      </Text>
      {text && (
        <Text size="sm" {...(isFull ? { className: classes.full } : { lineClamp: 3 })}>
          {text}
        </Text>
      )}
      {why && (
        <Text size="sm" lineClamp={3}>
          <b>{t('task.reasoning')}:</b> {why}
        </Text>
      )}
      <Text size="sm" c="dimmed" component="div">
        <About {...about} />
        <Waiting since={since} />
        {who && <span className={classes.fact}>{who}</span>}
      </Text>
      {actions && (
        <Group gap="xs" mt="auto">
          {actions}
        </Group>
      )}
    </Tile>
  );
}

function Waiting({ since }: { since: string }) {
  const { t } = useTranslation();
  return (
    <span className={classes.fact}>
      {t('work.waiting')} <Age of={since} />
    </span>
  );
}

/** The room, the equipment and the doctor that something is about, by their names. */
export function About({ room_id, equipment_id, doctor_id }: CardProps['about']) {
  const room = useThing('rooms', room_id);
  const equipment = useThing('equipment', equipment_id);
  const doctor = useDoctors().get(doctor_id ?? '');
  return (
    <>
      {room_id && (
        <Link className={classes.fact} to={`/rooms/${encodeURIComponent(room_id)}`}>
          {room?.name ?? room_id}
        </Link>
      )}
      {equipment_id && <span className={classes.fact}>{equipment?.name ?? equipment_id}</span>}
      {doctor_id && <span className={classes.fact}>{doctor?.name ?? doctor_id}</span>}
    </>
  );
}
