/** React hooks: live events, and queries that they keep fresh. */

export {
  type NotificationType,
  useRealtimeData,
  useRealtimeList,
  useWebSocketClient,
  useWebSocketEvent,
  useWebSocketNotifications,
  useWebSocketRoom,
  useWebSocketStatus,
} from './hooks.js';
export { entitiesKey, type EntityChange, type ListedKind, useEntities, useEntityMutation } from './queries.js';
