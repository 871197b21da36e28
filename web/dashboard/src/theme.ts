// How the dashboard looks: calm surfaces, one accent, and colour kept for what a room or a thing is like.

import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

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
  primaryShade: 7,
  autoContrast: true,
  luminanceThreshold: 0.3,
  defaultRadius: 'md',
  cursorType: 'pointer',
  // No font is fetched.
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Cantarell, sans-serif',
  headings: { fontWeight: '650' },
  respectReducedMotion: true,
});

/** The library's own surfaces and texts are those of styles.css: its grey on white is too faint to be read from afar. */
const surfaces = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-soft)',
  '--mantine-color-placeholder': 'var(--ink-soft)',
  '--mantine-color-default-border': 'var(--line)',
};

/** Puts them in place in both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  // Its own red is too faint for the small print that says what is wrong with a field.
  light: { ...surfaces, '--mantine-color-error': 'var(--mantine-color-red-9)' },
  dark: { ...surfaces, '--mantine-color-error': 'var(--mantine-color-red-4)', '--mantine-color-dark-6': 'var(--raised)', '--mantine-color-default': 'var(--raised)', '--mantine-color-default-hover': 'var(--line)' },
});
