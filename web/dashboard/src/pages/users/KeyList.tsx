import { Button, Group, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { useAct } from '../../admin/asked';
import { Rows } from '../../admin/Rows';
import { SecretDialog, type Told } from '../../admin/SecretDialog';
import { Section } from '../../admin/Section';
import { Age, atTime } from '../../shared/Age';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import { useAll } from '../../shared/lists';
import { KEYS } from './all';
import { type Key, type Machine, oldSecretEnd } from './keys';
import { NewKey } from './NewKey';
import { RotateKey } from './RotateKey';

/** What lets machines in. */
export function KeyList() {
  const { t } = useTranslation();
  const query = useAll<Key>(KEYS, 'keys');
  const [isAdding, setAdding] = useState(false);
  const [told, setTold] = useState<Told>();
  return (
    <Section
      title={t('users.keys')}
      about={t('users.keys_about')}
      aside={
        <Button leftSection={<IconKey size={18} aria-hidden />} onClick={() => setAdding(true)}>
          {t('users.add_key')}
        </Button>
      }
    >
      <Answered query={query}>
        {(keys) => (keys.length === 0 ? <Empty>{t('users.no_keys')}</Empty> : <Keys keys={keys} onTold={setTold} />)}
      </Answered>
      <NewKey isOpen={isAdding} onTold={setTold} onClose={() => setAdding(false)} />
      <SecretDialog told={told} onClose={() => setTold(undefined)} />
    </Section>
  );
}

function Keys({ keys, onTold }: { keys: readonly Key[]; onTold(told: Told): void }) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const [rotating, setRotating] = useState<Key>();
  const [revoking, setRevoking] = useState<Key>();
  const revoke = async ({ id }: Key) => {
    await act({ method: 'DELETE', path: `${KEYS}/${encodeURIComponent(id)}`, label: t('users.key_revoked', { id }), renews: [KEYS] });
    setRevoking(undefined);
  };
  return (
    <>
      <KeyRows keys={keys} onRotate={setRotating} onRevoke={setRevoking} />
      <RotateKey of={rotating} onTold={onTold} onClose={() => setRotating(undefined)} />
      <ConfirmDialog
        title={t('users.revoke_of', { id: revoking?.id })}
        confirm={t('users.revoke')}
        isOpen={revoking !== undefined}
        isDangerous
        isBusy={isBusy}
        onConfirm={() => revoking && void revoke(revoking)}
        onClose={() => setRevoking(undefined)}
      >
        {t('users.revoke_means')}
      </ConfirmDialog>
    </>
  );
}

function KeyRows(props: { keys: readonly Key[]; onRotate(key: Key): void; onRevoke(key: Key): void }) {
  const { keys, onRotate, onRevoke } = props;
  const { t } = useTranslation();
  return (
    <Rows
      label={t('users.keys_list')}
      items={keys}
      keyOf={({ id }) => id}
      minWidth_px={860}
      columns={[
        {
          name: t('users.machine'),
          of: (it) => (
            <>
              <Text size="sm" fw={650}>
                {it.id}
              </Text>
              <Text size="sm" c="dimmed">
                {t(`system.machine.${it.role as Machine}`)}
              </Text>
            </>
          ),
        },
        { name: t('users.scopes'), of: (it) => it.scopes.map((scope) => t(`users.scope.${scope}`)).join(', ') },
        { name: t('users.made'), of: (it) => (it.created_at ? <Age of={it.created_at} /> : t('users.in_configuration')) },
        { name: t('users.old_secret'), of: (it) => <OldSecret of={it} /> },
        {
          name: t('users.change'),
          of: (it) =>
            it.kept_in === 'store' ? (
              <Group gap="xs">
                <Button variant="default" onClick={() => onRotate(it)} aria-label={`${it.id}: ${t('users.rotate')}`}>
                  {t('users.rotate')}
                </Button>
                <Button variant="default" onClick={() => onRevoke(it)} aria-label={`${it.id}: ${t('users.revoke')}`}>
                  {t('users.revoke')}
                </Button>
              </Group>
            ) : (
              <Text size="sm" c="dimmed" maw={260}>
                {t('users.by_file')}
              </Text>
            ),
        },
      ]}
    />
  );
}

function OldSecret({ of }: { of: Key }) {
  const { t, i18n } = useTranslation();
  const end = oldSecretEnd(of);
  return end && <Text size="sm">{t('users.until', { time: atTime(end, i18n.language) })}</Text>;
}
