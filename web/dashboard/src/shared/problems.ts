// What people are told when something is refused: what the gateway says, and what they can do about it.

import { NotSentError, ProblemError } from '@caresync/client';
import type { TFunction } from 'i18next';

/** A sentence on what went wrong, and one on what helps. */
export interface Told {
  text: string;
  remedy: string;
}

/** The words for an error. None of them holds a token or a body. */
export function told(error: unknown, t: TFunction): Told {
  if (error instanceof NotSentError) return { text: t('problem.not_sent'), remedy: t('problem.not_sent_remedy') };
  if (!(error instanceof ProblemError)) return { text: t('problem.unanswered'), remedy: t('problem.unanswered_remedy') };
  const text = error.detail ?? t('problem.refused');
  if (error.status === 412) return { text: t('problem.overtaken'), remedy: t('problem.overtaken_remedy') };
  if (error.status === 403) return { text, remedy: t('problem.forbidden_remedy') };
  if (error.status === 404) return { text, remedy: t('problem.gone_remedy') };
  if (error.status === 409) return { text, remedy: t('problem.conflict_remedy') };
  if (error.status === 422 || error.status === 400) return { text, remedy: t('problem.invalid_remedy') };
  if (error.status === 429) return { text, remedy: t('problem.too_often_remedy') };
  return { text, remedy: t('problem.server_remedy') };
}
