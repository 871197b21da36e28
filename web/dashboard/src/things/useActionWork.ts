import type { Action } from '@caresync/client';
import { useTranslation } from 'react-i18next';

import { useChange } from '../live/useChange';
import { useMe } from '../session/me';
import { useLabels } from './useLabels';

/** What people do with an action item. Each shows at once, and rests on the item as it was shown. */
export function useActionWork() {
  const { t } = useTranslation();
  const change = useChange();
  const { user } = useMe();
  const { actionTitle } = useLabels();
  const edit = (action: Action, patch: Partial<Pick<Action, 'assigned_to' | 'status'>>, done: string) =>
    change({
      kind: 'actions',
      id: action.id,
      method: 'PATCH',
      path: `/api/actions/${encodeURIComponent(action.id)}`,
      body: patch,
      ifMatch: action.revision,
      label: `${actionTitle(action)}: ${done}`,
      optimistic: patch,
    });
  return {
    take: (action: Action) => edit(action, { ...(user && { assigned_to: user.id }), status: 'in_progress' }, t('action.take')),
    complete: (action: Action) => edit(action, { status: 'completed' }, t('action.complete')),
    release: (action: Action) => edit(action, { assigned_to: null, status: 'pending' }, t('action.release')),
  };
}
