import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { useThings } from '../../live/hooks';
import { useDoctors } from '../../shared/useDoctors';
import { useWho } from '../../shared/useWho';
import { useAccounts, useTokens } from '../users/all';
import { machineOf } from './trail';

/** Names for the ids of the trail: nothing where none is known. */
export interface Names {
  actor(id: string | null | undefined): string | undefined;
  subject(kind: string, id: string): string | undefined;
}

/** The names of people, rooms and things as they are now; an entry itself holds none. */
export function useNames(): Names {
  const actor = useActorName();
  const subject = useSubjectName();
  return useMemo(() => ({ actor, subject }), [actor, subject]);
}

function useActorName(): Names['actor'] {
  const { t } = useTranslation();
  const who = useWho();
  const { data: accounts } = useAccounts();
  const people = useMemo(() => new Map(accounts?.map((it) => [it.id, it.name])), [accounts]);
  return useCallback(
    (id) => {
      if (id == null) return t('audit.nobody_proved');
      if (id === 'the console') return t('audit.console');
      const machine = machineOf(id);
      if (machine) return `${t(`audit.machine.${machine.kind}`)} ${machine.id}`;
      const name = people.get(id) ?? who(id);
      return name === id ? undefined : name;
    },
    [t, who, people],
  );
}

function useSubjectName(): Names['subject'] {
  const doctors = useDoctors();
  const rooms = useThings('rooms');
  const equipment = useThings('equipment');
  const { data: accounts } = useAccounts();
  const { data: tokens } = useTokens();
  const named = useMemo(() => {
    const all: [kind: string, things: Iterable<{ id: string; name?: string | null | undefined }>][] = [
      ['room', rooms],
      ['equipment', equipment],
      ['doctor', doctors.values()],
      ['user', accounts ?? []],
      ['token', (tokens ?? []).map(({ id, label }) => ({ id, name: label }))],
    ];
    return new Map(all.flatMap(([kind, things]) => [...things].map(({ id, name }) => [`${kind}:${id}`, name ?? undefined] as const)));
  }, [rooms, equipment, doctors, accounts, tokens]);
  return useCallback((kind, id) => named.get(`${kind}:${id}`), [named]);
}
