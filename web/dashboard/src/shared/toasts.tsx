// Short messages that go by themselves.

import { notifications, notificationsStore } from '@mantine/notifications';
import { IconAlertTriangle, IconBellRinging, IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { i18next } from '../i18n/i18n';

/** How long a message stays, in milliseconds: long enough to be read twice. */
const SHOWN_MS = 8_000;
/** So many wait for a place on the screen. What comes on top is in its list, where everything is. */
const WAITING_MAX = 4;

/** A message. */
export interface Toast {
  title: string;
  text?: ReactNode;
  /** One with the same id replaces the one that is there. */
  id?: string;
}

/** Something urgent has come. */
export function toastUrgent({ title, text, id }: Toast): void {
  show('red', <IconBellRinging aria-hidden />, title, text, id);
}

/** Something was refused or did not arrive. */
export function toastFailure({ title, text, id }: Toast): void {
  show('orange', <IconAlertTriangle aria-hidden />, title, text, id);
}

/** Something was done. */
export function toastDone({ title, text, id }: Toast): void {
  show('care', <IconCheck aria-hidden />, title, text, id);
}

function show(color: string, icon: ReactNode, title: string, message: ReactNode, id: string | undefined): void {
  const toast = { color, icon, title, message, autoClose: SHOWN_MS, withBorder: true, role: 'status', closeButtonProps: { 'aria-label': i18next.t('shared.close') } };
  const { notifications: shown, queue } = notificationsStore.getState();
  if (id !== undefined && [...shown, ...queue].some((it) => it.id === id)) notifications.update({ ...toast, id });
  else if (queue.length < WAITING_MAX) notifications.show({ ...toast, ...(id !== undefined && { id }) });
}
