import { useSearchParams } from 'react-router';

/** What the address asks, and a way to change some of it. An empty text asks nothing. */
export function useQuestion(): [asked: URLSearchParams, change: (changed: Readonly<Record<string, string>>) => void] {
  const [asked, setAsked] = useSearchParams();
  const change = (changed: Readonly<Record<string, string>>) => {
    // The address as it is now: what is rendered may still lack what another field has just put there.
    const after = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changed)) {
      if (value === '') after.delete(name);
      else after.set(name, value);
    }
    setAsked(after, { replace: true, preventScrollReset: true });
  };
  return [asked, change];
}
