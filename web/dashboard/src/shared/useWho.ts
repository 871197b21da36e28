import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { usePeople } from '../live/hooks';
import { useMe } from '../session/me';
import { useDoctors } from './useDoctors';

/** Names whoever did or shall do something: "you", a name, or the word that the gateway has for it. */
export function useWho(): (id: string) => string {
  const { t } = useTranslation();
  const { user } = useMe();
  const people = usePeople();
  const doctors = useDoctors();
  return useCallback(
    (id) => {
      if (id === user?.id) return t('who.you');
      if (id === 'staff') return t('who.staff');
      if (id === 'agent' || id.startsWith('agent ')) return t('who.agent');
      if (id === 'the gateway') return t('who.gateway');
      return people.find((it) => it.user === id)?.name ?? doctors.get(id)?.name ?? id;
    },
    [t, user, people, doctors],
  );
}
