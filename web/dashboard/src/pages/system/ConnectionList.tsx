import { Button, Text } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { LOOK_AGAIN_MS, useAct, useAsked } from '../../admin/asked';
import { Rows } from '../../admin/Rows';
import { Section } from '../../admin/Section';
import { useConnection } from '../../live/hooks';
import { Age } from '../../shared/Age';
import { StatusBadge } from '../../shared/Badge';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import { useWho } from '../../shared/useWho';
import { byLag, type Connection, isBehind, shortDevice } from './connections';

const PATH = '/api/connections';

/** Who is connected, and a way to end a connection; for admins. */
export function ConnectionList() {
  const { t } = useTranslation();
  const query = useAsked<{ connections: Connection[] }>(PATH, LOOK_AGAIN_MS);
  const connection = useConnection();
  const { refetch } = query;
  // What was asked before this window was connected says that it is not.
  useEffect(() => {
    if (connection === 'connected') void refetch();
  }, [connection, refetch]);
  return (
    <Section title={t('system.connections')} about={t('system.connections_about')}>
      <Answered query={query}>{({ connections }) => <Connections all={connections} />}</Answered>
    </Section>
  );
}

function Connections({ all }: { all: readonly Connection[] }) {
  const { t } = useTranslation();
  const nameOf = useNameOf();
  const { act, isBusy } = useAct();
  const [ending, setEnding] = useState<Connection>();
  const sorted = useMemo(() => [...all].sort(byLag), [all]);
  const end = async (one: Connection) => {
    await act({
      method: 'DELETE',
      path: `${PATH}/${encodeURIComponent(one.client_id)}`,
      label: t('system.disconnected', { who: nameOf(one) }),
      renews: [PATH],
    });
    setEnding(undefined);
  };
  if (sorted.length === 0) return <Empty>{t('system.nobody')}</Empty>;
  return (
    <>
      <ConnectionRows items={sorted} onEnd={setEnding} />
      <ConfirmDialog
        title={t('system.disconnect_who', { who: ending ? nameOf(ending) : '' })}
        confirm={t('system.disconnect')}
        isOpen={ending !== undefined}
        isDangerous
        isBusy={isBusy}
        onConfirm={() => ending && void end(ending)}
        onClose={() => setEnding(undefined)}
      >
        {t('system.disconnect_means')}
      </ConfirmDialog>
    </>
  );
}

function ConnectionRows({ items, onEnd }: { items: readonly Connection[]; onEnd(one: Connection): void }) {
  const { t } = useTranslation();
  const nameOf = useNameOf();
  const roleOf = useRoleWord();
  return (
    <Rows
      label={t('system.who_is_there')}
      items={items}
      keyOf={({ client_id }) => client_id}
      minWidth_px={980}
      columns={[
        {
          name: t('admin.who'),
          of: (it) => (
            <>
              <Text size="sm" fw={650}>
                {nameOf(it)}
              </Text>
              {it.user && (
                <Text size="sm" c="dimmed">
                  {roleOf(it.role)}
                </Text>
              )}
            </>
          ),
        },
        {
          name: t('system.device'),
          of: (it) => (
            <>
              {it.device && (
                <Text size="sm" title={it.device}>
                  {shortDevice(it.device)}
                </Text>
              )}
              <Text size="sm" c="dimmed">
                {it.address} · {t(it.kind === 'events' ? 'system.by_stream' : 'system.by_socket')}
              </Text>
            </>
          ),
        },
        { name: t('system.since'), of: (it) => <Age of={it.since} /> },
        { name: t('system.heard'), of: (it) => <Age of={it.last_activity} /> },
        { name: t('system.channels'), of: (it) => <Text size="sm" maw={320}>{it.channels.join(', ')}</Text> },
        { name: t('system.lag'), of: (it) => <Lag of={it} /> },
        {
          name: t('system.end'),
          of: (it) => (
            <Button variant="default" onClick={() => onEnd(it)} aria-label={`${nameOf(it)}: ${t('system.disconnect')}`}>
              {t('system.disconnect')}
            </Button>
          ),
        },
      ]}
    />
  );
}

function Lag({ of }: { of: Connection }) {
  const { t, i18n } = useTranslation();
  if (!isBehind(of)) return <StatusBadge tone="good">{t('system.no_lag')}</StatusBadge>;
  const kib = Math.ceil(of.lag_bytes / 1024).toLocaleString(i18n.language);
  return <StatusBadge tone="attention">{t('system.lag_of', { count: of.lag_events, kib })}</StatusBadge>;
}

/** A role in words; machines have roles that people cannot be given. */
function useRoleWord(): (role: Connection['role']) => string {
  const { t } = useTranslation();
  return (role) => (role === 'agent' || role === 'device' || role === 'peer' ? t(`system.machine.${role}`) : t(`role.${role}`));
}

/** Whose connection it is: a person, or what kind of machine. */
function useNameOf(): (it: Connection) => string {
  const who = useWho();
  const roleOf = useRoleWord();
  return ({ user, role }) => (user ? who(user) : roleOf(role));
}
