// How the dashboard looks: calm surfaces, one accent, and colour kept for what a room or a thing is like.

import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** A deep sea green: nothing on the floor has it as its status. */
const care: MantineColorsTuple = [
  '#e9f6f5',
  '#d3eae8',
  '#a5d5d1',
  '#74bfb9',
  '#4daca5',
  '#349f98',
  '#22837d',
  '#0f6b66',
  '#0b5753',
  '#06423f',
];

/** The theme of every page. */
export const theme = createTheme({
  colors: { care },
  primaryColor: 'care',
  primaryShade: { light: 7, dark: 5 },
  autoContrast: true,
  luminanceThreshold: 0.36,
  defaultRadius: 'md',
  cursorType: 'pointer',
  // No font is fetched.
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Cantarell, sans-serif',
  headings: { fontWeight: '650' },
  respectReducedMotion: true,
});
