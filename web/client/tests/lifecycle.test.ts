// @vitest-environment happy-dom

// A page is shown again, or its machine is online again: the client looks at once.

import { expect, test, vi } from 'vitest';

import { browserLifecycle } from '../src/index.js';

test('a page that is shown, or online again, wakes the client; one that is hidden, or let go, does not', () => {
  const wake = vi.fn();
  const end = browserLifecycle().watch(wake);
  window.dispatchEvent(new Event('online'));
  expect(wake).toHaveBeenCalledTimes(1);
  const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange'));
  expect(wake).toHaveBeenCalledTimes(1);
  visibility.mockReturnValue('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  expect(wake).toHaveBeenCalledTimes(2);
  end();
  window.dispatchEvent(new Event('online'));
  document.dispatchEvent(new Event('visibilitychange'));
  expect(wake).toHaveBeenCalledTimes(2);
});
