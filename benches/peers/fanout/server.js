// The peer of the gateway's fan-out: Express and ws. What a good engineer writes: the token's digest compared in
// constant time, one JSON.stringify per event, and send for each subscribed client. ws leaves permessage-deflate off and
// Node sets TCP_NODELAY; both are said here once more. With a FILE each event is durable before anybody hears of it:
// better-sqlite3, prepared statements, WAL, synchronous=FULL, one transaction per event.
//
//   node server.js PORT [FILE]     (the token is in FANOUT_TOKEN, the number of rooms in FANOUT_ROOMS)
'use strict';

const { createHash, timingSafeEqual } = require('node:crypto');
const { createServer } = require('node:http');
const express = require('express');
const { WebSocketServer } = require('ws');

const [port, file] = process.argv.slice(2);
const digest = (text) => createHash('sha256').update(text).digest();
const token = digest(process.env.FANOUT_TOKEN);
const isProven = (request) => {
  const [scheme, presented = ''] = (request.headers.authorization ?? '').split(' ');
  return scheme === 'Bearer' && timingSafeEqual(digest(presented), token);
};

const rooms = new Map();
for (let n = 1; n <= Number(process.env.FANOUT_ROOMS); n += 1) {
  rooms.set(`room-${n}`, {
    current_doctor_id: null, current_patient_id: null, estimated_available_at: null, id: `room-${n}`, last_updated: null,
    name: `Exam Room ${n}`, occupancy: { confidence: null, freshness: 'fresh', paused: false, people: null, since: null, sources: [], state: 'empty', synthetic: false, why: '' },
    readiness: 'clean', revision: 1, since: null, status: 'available', type: 'examination',
  });
}

let seq = 0;
let keep = () => {};
let close = () => {};
if (file !== undefined) {
  const db = new (require('better-sqlite3'))(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`
    CREATE TABLE IF NOT EXISTS room (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, record TEXT NOT NULL);
  `);
  const putRoom = db.prepare('INSERT INTO room (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record');
  const append = db.prepare('INSERT INTO journal (seq, record) VALUES (?, ?)');
  keep = db.transaction((room, at) => {
    const record = JSON.stringify(room);
    putRoom.run(room.id, record);
    append.run(seq, JSON.stringify({ at, actor: 'user:bench', event: { room_updated: room } }));
  });
  close = () => db.close();
}

// The clients of each channel.
const channels = new Map([['facility', new Set()]]);

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.put('/api/rooms/:id/status', (request, response, next) => {
  if (isProven(request)) next();
  else response.status(401).json({ code: 'unauthenticated' });
}, express.json({ limit: '64kb' }), (request, response) => {
  const { status, current_patient_id = null } = request.body ?? {};
  if (status !== 'occupied' && status !== 'available') return response.status(422).json({ code: 'invalid_field', field: 'status' });
  const room = rooms.get(request.params.id);
  if (room === undefined) return response.status(404).json({ code: 'not_found' });
  const at = new Date().toISOString();
  const state = status === 'occupied' ? 'occupied' : 'empty';
  room.current_patient_id = current_patient_id;
  room.status = status;
  room.occupancy.state = state;
  room.occupancy.why = `bench-admin said it is ${state}`;
  room.occupancy.since = room.since = room.last_updated = at;
  room.revision += 1;
  seq += 1;
  keep(room, at);
  const text = JSON.stringify({ type: 'room:updated', room: 'facility', seq, data: room, timestamp: at });
  for (const client of channels.get('facility')) client.send(text);
  return response.json({ room });
});

const server = createServer(app);
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on('upgrade', (request, socket, head) => {
  socket.setNoDelay(true);
  if (!isProven(request)) return socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
  return sockets.handleUpgrade(request, socket, head, (client) => {
    client.on('error', () => client.terminate());
    client.on('close', () => { for (const clients of channels.values()) clients.delete(client); });
    client.on('message', (message) => {
      const { type, room } = JSON.parse(message);
      if (type !== 'subscribe' || !channels.has(room)) return;
      channels.get(room).add(client);
      client.send(JSON.stringify({ type: 'subscribed', room, seq, data: { room }, timestamp: new Date().toISOString() }));
    });
    client.send(JSON.stringify({ type: 'connected', data: { seq }, timestamp: new Date().toISOString() }));
  });
});
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
server.keepAliveTimeout = 60_000;
process.on('SIGTERM', () => { close(); process.exit(0); });
