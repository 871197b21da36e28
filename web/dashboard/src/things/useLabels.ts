import type { Action, Task } from '@caresync/client';
import { useTranslation } from 'react-i18next';

/** What work is called, for people. */
export function useLabels() {
  const { t } = useTranslation();
  return {
    /** The kind of a task. The clinic may have kinds of its own: those are shown by their own word. */
    taskType: ({ type }: Task) => (type === undefined ? t('task.title') : spoken(type)),
    /** The title of an action item; its kind where the role sees no text. */
    actionTitle: ({ title, type }: Action) => title ?? t(`action.type.${type}`),
  };
}

/** `room_cleaning` as people write it. */
function spoken(slug: string): string {
  const words = slug.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
