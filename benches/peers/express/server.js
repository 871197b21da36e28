// The peer of the gateway's ingest: Express, better-sqlite3, one transaction per event. What a good engineer
// writes: prepared statements, WAL, synchronous=FULL, a constant-time compare of the key's digest, and an answer only
// after the commit. It keeps what the gateway keeps: the room as it now is, and one journal record per change.
//
//   node server.js FILE PORT     (the key is in INGEST_KEY, the number of rooms in INGEST_ROOMS)
'use strict';

const { createHash, randomUUID, timingSafeEqual } = require('node:crypto');
const Database = require('better-sqlite3');
const express = require('express');

const [file, port] = process.argv.slice(2);
const digest = (text) => createHash('sha256').update(text).digest();
const key = digest(process.env.INGEST_KEY);

const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`
  CREATE TABLE IF NOT EXISTS room (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, record TEXT NOT NULL);
`);
const getRoom = db.prepare('SELECT record FROM room WHERE id = ?').pluck();
const putRoom = db.prepare('INSERT INTO room (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record');
const append = db.prepare('INSERT INTO journal (record) VALUES (?)');

const rooms = Number(process.env.INGEST_ROOMS);
db.transaction(() => {
  for (let n = 1; n <= rooms; n += 1) {
    const room = { id: `room-${n}`, name: `Exam Room ${n}`, type: 'examination', readiness: 'clean', occupied: null, sources: [], revision: 1 };
    if (getRoom.get(room.id) === undefined) putRoom.run(room.id, JSON.stringify(room));
  }
})();

const KEYS = new Set(['timestamp', 'eventType', 'entityType', 'entityId', 'data', 'confidence', 'cameraId']);
const isText = (value) => typeof value === 'string' && value.length > 0 && value.length <= 80;

// The field that is wrong, if any.
function wrongField(event) {
  for (const name of Object.keys(event)) if (!KEYS.has(name)) return name;
  if (!isText(event.timestamp) || Number.isNaN(Date.parse(event.timestamp))) return 'timestamp';
  if (event.eventType !== 'room_occupancy') return 'eventType';
  if (event.entityType !== 'room') return 'entityType';
  if (!isText(event.entityId)) return 'entityId';
  if (typeof event.data !== 'object' || event.data === null || typeof event.data.occupied !== 'boolean') return 'data.occupied';
  if (typeof event.confidence !== 'number' || event.confidence < 0 || event.confidence > 1) return 'confidence';
  if (!isText(event.cameraId)) return 'cameraId';
  return undefined;
}

// Makes one event durable; returns the journal's new seq, 0 when nothing changed, undefined for an unknown room.
const take = db.transaction((event, eventId, at) => {
  const found = getRoom.get(event.entityId);
  if (found === undefined) return undefined;
  const room = JSON.parse(found);
  if (room.occupied === event.data.occupied) return 0;
  room.occupied = event.data.occupied;
  room.status = room.occupied ? 'occupied' : 'available';
  room.sources = [{ source: `webhook:bench:${event.cameraId}`, occupied: room.occupied, confidence: event.confidence, observed_at: event.timestamp, received_at: at }];
  room.why = `${event.cameraId} reports ${room.status}`;
  room.since = at;
  room.last_updated = at;
  room.revision += 1;
  putRoom.run(room.id, JSON.stringify(room));
  return append.run(JSON.stringify({ at, actor: 'device:bench', command_id: eventId, event: { room_updated: room } })).lastInsertRowid;
});

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.post('/api/webhooks/opencv/event', (request, response, next) => {
  const presented = request.get('x-opencv-api-key') ?? '';
  if (timingSafeEqual(digest(presented), key)) next();
  else response.status(401).json({ code: 'unauthenticated' });
}, express.json({ limit: '64kb' }), (request, response) => {
  const field = wrongField(request.body ?? {});
  if (field !== undefined) return response.status(422).json({ code: 'invalid_field', field });
  const eventId = randomUUID();
  const seq = take(request.body, eventId, new Date().toISOString());
  if (seq === undefined) return response.status(404).json({ code: 'not_found' });
  return response.json({ success: true, processed: seq !== 0, eventId });
});

const server = app.listen(Number(port), '127.0.0.1', () => console.log('ready'));
server.keepAliveTimeout = 60_000;
process.on('SIGTERM', () => { server.close(() => { db.close(); process.exit(0); }); server.closeAllConnections(); });
