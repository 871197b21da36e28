import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { useLive, usePeople } from '../live/hooks';
import { useMe } from '../session/me';
import { useColleagues } from './useColleagues';
import { useDoctors } from './useDoctors';

/** Names whoever did or shall do something: "you", a name, or the word that the gateway has for it. */
export function useWho(): (id: string) => string {
  const { t } = useTranslation();
  const { user } = useMe();
  const { people } = useLive();
  // Whoever comes may be named from now on.
  const present = usePeople();
  const colleagues = useColleagues();
  const doctors = useDoctors();
  return useCallback(
    (id) => {
      if (id === user?.id) return t('who.you');
      if (id === 'staff') return t('who.staff');
      if (id === 'agent' || id.startsWith('agent ')) return t('who.agent');
      if (id === 'the gateway') return t('who.gateway');
      return people.nameOf(id) ?? colleagues.get(id)?.name ?? doctors.get(id)?.name ?? id;
    },
    [t, user, people, present, colleagues, doctors],
  );
}
