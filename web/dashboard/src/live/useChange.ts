// Changes that show at once. When one is refused, what was shown goes back, and people are told.

import { NotSentError, ProblemError } from '@caresync/client';
import type { Change, Kind } from '@caresync/client/store';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { told } from '../shared/problems';
import { toastFailure } from '../shared/toasts';
import { useLive } from './hooks';
import { leaveIfRefused } from './LiveProvider';

/** Makes a change. True when the gateway has done it; else a message has said why not. */
export function useChange(): <K extends Kind>(change: Change<K>) => Promise<boolean> {
  const { store } = useLive();
  const { t } = useTranslation();
  return useCallback(
    async (change) => {
      try {
        await store.change(change);
        return true;
      } catch (error) {
        leaveIfRefused(error);
        if (!(error instanceof ProblemError || error instanceof NotSentError)) throw error;
        const { text, remedy } = told(error, t);
        toastFailure({ title: change.label ? `${change.label}: ${text}` : text, text: remedy });
        return false;
      }
    },
    [store, t],
  );
}
