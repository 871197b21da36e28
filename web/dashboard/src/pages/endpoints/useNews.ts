import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

import { useThings } from '../../live/hooks';
import { keyOf } from '../../shared/lists';
import { endpointPath, newsOf } from './endpoints';

/** Asks anew about an endpoint as soon as an alarm about it comes or goes: those are told at once, its numbers are not. */
export function useNews(id: string): void {
  const queries = useQueryClient();
  const news = newsOf(useThings('alarms'), id);
  const last = useRef(news);
  useEffect(() => {
    // None is news, too, where there was some: an alarm that goes is not among the alarms any more.
    if (news === last.current) return;
    last.current = news;
    void queries.invalidateQueries({ queryKey: keyOf(endpointPath(id)) });
  }, [queries, id, news]);
}
