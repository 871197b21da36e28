import { lazy, Suspense } from 'react';
import { useLocation } from 'react-router';

import { LiveProvider } from './live/LiveProvider';
import { AdmitScreen, tokenOfScreen } from './pages/kiosk/AdmitScreen';
import { Login } from './pages/login/Login';
import { useSession } from './session/session';
import { Loading } from './shared/Loading';
import { Shell } from './shell/Shell';

const Kiosk = lazy(() => import('./pages/kiosk/Kiosk').then((it) => ({ default: it.Kiosk })));

/** Whoever is logged in sees the clinic; whoever is not, the way in. A wall screen sees rooms and nothing else. */
export function App() {
  const session = useSession((state) => state.session);
  const isAtWall = useLocation().pathname.startsWith('/kiosk');
  const token = isAtWall ? tokenOfScreen() : undefined;
  if (token !== undefined && token !== session?.token) return <AdmitScreen token={token} />;
  if (!session) return isAtWall ? <AdmitScreen token={undefined} /> : <Login />;
  return (
    // Somebody else begins with nothing of who was there before.
    <LiveProvider key={session.token} session={session}>
      <Suspense fallback={<Loading />}>{isAtWall || session.role === 'kiosk' ? <Kiosk /> : <Shell />}</Suspense>
    </LiveProvider>
  );
}
