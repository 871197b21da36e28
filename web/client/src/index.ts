/** The core of the client. It needs nothing but `fetch` and, where it can be had, `WebSocket`. */

export { CareSyncClient, type ClientOptions } from './core/client.js';
export type { ConnectionState } from './core/connection.js';
export { getWebSocketClient, initializeWebSocket, watchWebSocketClient } from './core/current.js';
export type { Handler } from './core/emitter.js';
export type {
  ClientEvent,
  Disconnected,
  EventOf,
  EventType,
  OutboxMoved,
  ReconnectFailed,
  UnknownFrame,
} from './core/events.js';
export type { ChannelOptions } from './core/following.js';
export { type AppStateLike, appStateLifecycle, browserLifecycle, type Lifecycle } from './core/lifecycle.js';
export { type Mutation, NotSentError, type OutboxEntry } from './core/outbox.js';
export { type Answer, type GetToken, ProblemError, type RequestOptions, UnansweredError } from './core/rest.js';
export { memoryStorage, type Storage } from './core/storage.js';
export type { Closed, Dial, Link, Sink, Transport, WebSocketLike, WebSocketMaker } from './core/transports/transport.js';
export type {
  Action,
  Alarm,
  Camera,
  ClientFrame,
  Device,
  Equipment,
  Reading,
  Role,
  Room,
  ServerFrame,
  Snapshot,
  Task,
} from './generated/frames.js';
export type { components, operations, paths } from './generated/openapi.js';
