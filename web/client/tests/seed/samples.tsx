// The seed's samples of the frontend. Type-checked as loosely as a project of its day would be (tsconfig.json beside this):
// `useState([])` is a list of anything there.

import { useEffect, useState } from 'react';

import { initializeWebSocket } from '../../src/index.js';
import {
  useRealtimeData,
  useRealtimeList,
  useWebSocketEvent,
  useWebSocketNotifications,
  useWebSocketRoom,
  useWebSocketStatus,
} from '../../src/react/index.js';

const currentUser = { id: 'test-user', doctorId: 'doc-001' };

export function App({ url, children }) {
  useEffect(() => {
    const ws = initializeWebSocket(
      url,
      currentUser.id,
      currentUser.doctorId
    );

    return () => ws.disconnect();
  }, []);

  const { status, isConnected } = useWebSocketStatus();

  return (
    <div>
      <p>{status}</p>
      <p>{isConnected ? 'live' : 'stale'}</p>
      {children}
    </div>
  );
}

export function RoomsList({ first = [] }) {
  const [rooms, setRooms] = useState([]);

  // Subscribe to facility updates
  useWebSocketRoom('facility');

  // Listen for room updates
  useWebSocketEvent('room:updated', (event) => {
    setRooms(prev =>
      prev.map(room =>
        room.id === event.data.id ? event.data : room
      )
    );
  });

  // The sample begins with nothing, and shows nothing: a list to begin with is the test's.
  useEffect(() => setRooms(first), []);

  return <div>{rooms.map(room => <p key={room.id}>{room.id} {room.status}</p>)}</div>;
}

function ActionCard({ action }) {
  return <p>{action.id}</p>;
}

export function ActionItemsList({ initialActions }) {
  const actions = useRealtimeList(
    'action:created',
    'action:updated',
    'action:deleted',
    initialActions,
    'actions'
  );

  return (
    <div>
      {actions.map(action => (
        <ActionCard key={action.id} action={action} />
      ))}
    </div>
  );
}

export function Toasts({ showToast }) {
  useWebSocketNotifications((message, type) => {
    showToast(message, type);
  });
  return null;
}

export function Hooks() {
  useWebSocketEvent('room:updated', (event) => {
    console.log('Room updated:', event.data);
  });
  useWebSocketRoom('facility'); // Auto-subscribe to facility updates
  const [rooms, setRooms] = useRealtimeData('room:updated', [], 'facility');
  return <button onClick={() => setRooms([])}>{rooms.map(room => room.name).join()}</button>;
}
