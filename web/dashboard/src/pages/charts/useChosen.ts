import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** A choice that stands in the address, so that the page can be reloaded and sent to a colleague as it is. */
export function useChosen(name: string): [chosen: string | null, choose: (value: string) => void] {
  const [question, setQuestion] = useSearchParams();
  const choose = useCallback(
    (value: string) =>
      setQuestion(
        (before) => {
          const after = new URLSearchParams(before);
          after.set(name, value);
          return after;
        },
        { replace: true, preventScrollReset: true },
      ),
    [name, setQuestion],
  );
  return [question.get(name), choose];
}
