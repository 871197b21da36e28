// Questions to the REST door that no event answers, and acts that nobody should find done two minutes later.

import { NotSentError, ProblemError, UnansweredError } from '@caresync/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { useLive } from '../live/hooks';
import { keyOf } from '../shared/lists';
import { told } from '../shared/problems';
import { toastDone, toastFailure } from '../shared/toasts';

/** How often what changes without an event is asked for anew, in milliseconds. */
export const LOOK_AGAIN_MS = 10_000;

/** What the gateway answers at a path. Asked anew every so often where `every_ms` says so. */
export function useAsked<T>(path: string, every_ms?: number): UseQueryResult<T> {
  const { client } = useLive();
  return useQuery({
    queryKey: keyOf(path),
    queryFn: async ({ signal }) => (await client.request<T>('GET', path, { signal })).body,
    placeholderData: keepPreviousData,
    ...(every_ms !== undefined && { refetchInterval: every_ms, staleTime: every_ms }),
  });
}

/** An act of whoever looks after the gateway. */
export interface Act {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: object;
  /** The revision that it rests on, where the thing has one that counts. */
  ifMatch?: number;
  /** What it is once it is done, in words. */
  label: string;
  /** What came of it is shown where it was asked for: no message says that it is done. */
  isShown?: boolean;
  /** Paths whose answers it makes old. */
  renews: readonly string[];
}

/**
 * Acts now, or says why not. Unlike the work of the floor it never waits in the queue: a password reset or a phase that
 * changes by itself when the network is back would surprise. Returns the answer's body; nothing where it failed.
 */
export function useAct(): { act<T = unknown>(act: Act): Promise<{ body: T } | undefined>; isBusy: boolean } {
  const { client } = useLive();
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { mutateAsync, isPending, reset } = useMutation({
    // What was sent may hold a password, and what was answered a secret: neither is kept.
    gcTime: 0,
    mutationFn: ({ method, path, body, ifMatch }: Act) =>
      client.request(method, path, { ...(body !== undefined && { body }), ...(ifMatch !== undefined && { ifMatch }) }),
    // Also after a refusal: what is shown may be why it was refused.
    onSettled: (_answer, _error, { renews }) => {
      for (const path of renews) void queries.invalidateQueries({ queryKey: keyOf(path) });
    },
  });
  const act = useCallback(
    async <T>(asked: Act) => {
      try {
        const { body } = await mutateAsync(asked);
        if (!asked.isShown) toastDone({ title: asked.label });
        return { body: body as T };
      } catch (error) {
        if (!(error instanceof ProblemError || error instanceof NotSentError || error instanceof UnansweredError)) throw error;
        const { text, remedy } = told(error, t);
        // Nobody knows what became of what was not answered.
        const title = error instanceof UnansweredError ? text : t('admin.not_done', { why: text });
        toastFailure({ title, text: t('admin.was_to_be', { label: asked.label, remedy }) });
        return undefined;
      } finally {
        reset();
      }
    },
    [mutateAsync, reset, t],
  );
  return { act, isBusy: isPending };
}
