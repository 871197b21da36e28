// A secret is told once, and lost by nobody's slip; what was chosen for one is not taken for the next.

import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { type ReactNode, useState } from 'react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';

import { RotateSecret } from '../../src/admin/RotateSecret';
import { SecretDialog, type Told } from '../../src/admin/SecretDialog';
import { ready } from '../../src/i18n/i18n';
import { LiveContext } from '../../src/live/hooks';
import type { Live } from '../../src/live/live';

/** What the gateway was sent, and its answer. */
const request = vi.fn(async (..._asked: unknown[]) => ({ body: { secret: 'whsec_new' } }));

function shown(children: ReactNode) {
  const live = { client: { request } } as unknown as Live;
  return render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <LiveContext value={live}>{children}</LiveContext>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

function Rotating({ onTold }: { onTold(told: Told): void }) {
  const [isOpen, setOpen] = useState(false);
  const texts = { title: 'A new secret', means: 'It changes.', confirm: 'Rotate', label: 'Rotated' };
  return (
    <>
      <button onClick={() => setOpen(true)}>Open</button>
      <RotateSecret {...texts} of="emr" path="/api/endpoints/emr" renews="/api/endpoints" isOpen={isOpen} onTold={onTold} onClose={() => setOpen(false)} />
    </>
  );
}

const button = (name: string) => screen.findByRole('button', { name });
const overlap = () => screen.findByLabelText<HTMLSelectElement>('The old secret goes on');

beforeAll(() => ready);
afterEach(cleanup);

it('begins with a day whenever it is asked how long the old secret goes on', async () => {
  const onTold = vi.fn();
  shown(<Rotating onTold={onTold} />);
  fireEvent.click(await button('Open'));
  fireEvent.change(await overlap(), { target: { value: '0' } });
  fireEvent.click(await button('Cancel'));
  fireEvent.click(await button('Open'));
  expect((await overlap()).value).toBe('86400');
  fireEvent.click(await button('Rotate'));
  await waitFor(() => expect(onTold).toHaveBeenCalledWith({ of: 'emr', secret: 'whsec_new' }));
  expect(request).toHaveBeenCalledWith('POST', '/api/endpoints/emr/rotate', { body: { overlap_s: 86_400 } });
});

it('keeps a secret in sight until somebody says that it is kept', async () => {
  const onClose = vi.fn();
  shown(<SecretDialog told={{ of: 'emr', secret: 'whsec_new' }} onClose={onClose} />);
  const secret = await screen.findByText('whsec_new');
  await waitFor(() => expect(document.activeElement).toBe(secret));
  fireEvent.keyDown(secret, { key: 'Escape' });
  expect(onClose).not.toHaveBeenCalled();
  expect(screen.queryByRole('button', { name: 'Close' })).toBeNull();
  fireEvent.click(await button('I have kept it'));
  expect(onClose).toHaveBeenCalledOnce();
});
