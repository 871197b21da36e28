import { LiveProvider } from './live/LiveProvider';
import { Login } from './pages/login/Login';
import { useSession } from './session/session';
import { Shell } from './shell/Shell';

/** Whoever is logged in sees the clinic; whoever is not, the way in. */
export function App() {
  const session = useSession((state) => state.session);
  if (!session) return <Login />;
  return (
    // Somebody else begins with nothing of who was there before.
    <LiveProvider key={session.token} session={session}>
      <Shell />
    </LiveProvider>
  );
}
