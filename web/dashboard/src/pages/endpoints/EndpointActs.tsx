import { Button, Group } from '@mantine/core';
import { IconKey, IconPencil, IconPlayerPlay, IconRepeat, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { useAct } from '../../admin/asked';
import { SecretDialog, type Told } from '../../admin/SecretDialog';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { keyOf } from '../../shared/lists';
import { EndpointDialog } from './EndpointDialog';
import { type Endpoint, endpointPath, ENDPOINTS, isAdded, takesReplays } from './endpoints';
import { ReplayDialog } from './ReplayDialog';
import { ResumeDialog } from './ResumeDialog';
import { RotateDialog } from './RotateDialog';

/** What can be done with an endpoint. */
export function EndpointActs({ endpoint }: { endpoint: Endpoint }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'resume' | 'replay' | 'rotate' | 'edit'>();
  const [removing, setRemoving] = useState<number>();
  const [told, setTold] = useState<Told>();
  const close = () => setOpen(undefined);
  const { id, state, kind } = endpoint;
  return (
    <>
      <Group gap="xs">
        {(state === 'failing' || state === 'ended') && (
          <Button leftSection={<IconPlayerPlay size={18} aria-hidden />} onClick={() => setOpen('resume')}>
            {t('endpoints.resume')}
          </Button>
        )}
        {takesReplays(endpoint) && (
          <Button variant="default" leftSection={<IconRepeat size={18} aria-hidden />} onClick={() => setOpen('replay')}>
            {t('endpoints.replay')}
          </Button>
        )}
        {isAdded(endpoint) && (
          <>
            <Button variant="default" leftSection={<IconPencil size={18} aria-hidden />} onClick={() => setOpen('edit')}>
              {t('endpoints.edit')}
            </Button>
            {/* Only deliveries of this kind are signed. */}
            {kind === 'standard' && (
              <Button variant="default" leftSection={<IconKey size={18} aria-hidden />} onClick={() => setOpen('rotate')}>
                {t('endpoints.rotate')}
              </Button>
            )}
            <Button variant="default" leftSection={<IconTrash size={18} aria-hidden />} onClick={() => setRemoving(endpoint.revision)}>
              {t('endpoints.remove')}
            </Button>
          </>
        )}
      </Group>
      <ResumeDialog endpoint={endpoint} isOpen={open === 'resume'} onClose={close} />
      <ReplayDialog endpoint={endpoint} isOpen={open === 'replay'} onClose={close} />
      <RotateDialog endpoint={endpoint} isOpen={open === 'rotate'} onTold={setTold} onClose={close} />
      <EndpointDialog endpoint={endpoint} isOpen={open === 'edit'} onDone={close} onClose={close} />
      <RemoveDialog id={id} revision={removing} onClose={() => setRemoving(undefined)} />
      <SecretDialog told={told} onClose={() => setTold(undefined)} />
    </>
  );
}

/** Asks before it removes the endpoint as it was when somebody wanted that: what a colleague changes meanwhile is not removed. */
function RemoveDialog({ id, revision, onClose }: { id: string; revision: number | undefined; onClose(): void }) {
  const { t } = useTranslation();
  const goTo = useNavigate();
  const queries = useQueryClient();
  const { act, isBusy } = useAct();
  const remove = async (ifMatch: number) => {
    const done = await act({ method: 'DELETE', path: endpointPath(id), ifMatch, label: t('endpoints.removed', { id }), renews: [] });
    onClose();
    // After a refusal everything is looked at again; what is gone is not: its page would only say that it is gone.
    void queries.invalidateQueries({ queryKey: keyOf(ENDPOINTS), exact: done !== undefined });
    if (done) goTo('/endpoints');
  };
  return (
    <ConfirmDialog
      title={t('endpoints.remove_title', { id })}
      confirm={t('endpoints.remove')}
      isOpen={revision !== undefined}
      isDangerous
      isBusy={isBusy}
      onConfirm={() => revision !== undefined && void remove(revision)}
      onClose={onClose}
    >
      {t('endpoints.remove_means')}
    </ConfirmDialog>
  );
}
