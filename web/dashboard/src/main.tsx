import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './styles.css';

import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';

import { App } from './App';
import { ready } from './i18n/i18n';
import { cssVariables, theme } from './theme';

/** The nonce that the gateway has put into this page: what adds a style without it is refused. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';

// What stops the page from scrolling below a dialog adds a style, and looks for its nonce by the name that webpack gives it.
Object.assign(globalThis, { __webpack_nonce__: nonce });

const root = createRoot(document.getElementById('root') as HTMLElement);
void ready.then(() =>
  root.render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <Notifications position="top-right" limit={4} />
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </MantineProvider>
    </StrictMode>,
  ),
);
