import type { ClientEvent } from '@caresync/client';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { useLive } from '../live/hooks';
import { useMe } from '../session/me';
import { toastUrgent } from '../shared/toasts';
import { needsOf } from '../things/needs';

/** Tells of what is urgent, and of what a colleague gives to whoever is logged in, as it comes. */
export function useUrgentToasts(): void {
  const { client, shown } = useLive();
  const { t } = useTranslation();
  const me = useMe();
  useEffect(() => {
    const tell = (event: ClientEvent) => {
      // What is sent again is not new.
      if ('replay' in event && event.replay) return;
      if (event.type === 'action:created' && event.data.urgency === 'urgent') {
        const waits = needsOf(me, { actions: [event.data], tasks: [], alarms: [] }).length > 0;
        if (waits) toastUrgent({ id: event.data.id, title: t('toast.urgent'), text: event.data.title ?? t(`action.type.${event.data.type}`) });
      } else if (event.type === 'alarm:raised' && me.may('alarms')) {
        toastUrgent({ id: event.data.id, title: t('toast.alarm'), text: event.data.text ?? event.data.cause });
      } else if (event.type === 'task:created' || event.type === 'task:updated') {
        const { id, assignee, status, description, type } = event.data;
        // What was shown a moment ago: the store has heard of it already.
        const was = shown.getState().things.tasks[id];
        const isNewlyMine = assignee === me.user?.id && was?.assignee !== assignee && status === 'pending';
        if (isNewlyMine) toastUrgent({ id, title: t('toast.task'), text: description ?? type });
      }
    };
    return client.on('*', tell);
  }, [client, shown, me, t]);
}
