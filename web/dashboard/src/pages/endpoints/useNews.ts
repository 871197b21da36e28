import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { keyOf } from '../../admin/asked';
import { useThings } from '../../live/hooks';
import { endpointPath, newsOf } from './endpoints';

/** Asks anew about an endpoint as soon as an alarm about it comes or goes: those are told at once, its numbers are not. */
export function useNews(id: string): void {
  const queries = useQueryClient();
  const news = newsOf(useThings('alarms'), id);
  useEffect(() => {
    if (news !== '') void queries.invalidateQueries({ queryKey: keyOf(endpointPath(id)) });
  }, [queries, id, news]);
}
