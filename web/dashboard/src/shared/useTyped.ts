import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

/** How long somebody has to stop typing before what is typed is told, in milliseconds. */
const PAUSE_MS = 400;

interface TypedOptions {
  /** How a value is written in the field, where that differs. */
  shown?: (value: string) => string;
  /** The value that a text stands for, where that differs. */
  meant?: (text: string) => string;
}

/**
 * The text of a field whose value lives elsewhere, such as in the address: told when its writer pauses. A value that comes
 * from elsewhere takes the place of the text; one that this field has told comes back later than the next letter, and does not.
 */
export function useTyped(
  value: string,
  onTell: (value: string) => void,
  { shown = asItIs, meant = asItIs }: TypedOptions = {},
): [typed: string, type: (text: string) => void] {
  const [typed, setTyped] = useState(() => shown(value));
  const told = useRef(value);
  const tell = useDebouncedCallback((text: string) => {
    told.current = meant(text);
    onTell(told.current);
  }, PAUSE_MS);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    tell.cancel();
    setTyped(shown(value));
  }, [value]);
  return [
    typed,
    (text) => {
      setTyped(text);
      tell(text);
    },
  ];
}

const asItIs = (text: string) => text;
