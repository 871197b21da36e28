// The peer of the gateway's MQTT bridge: mqtt.js, better-sqlite3 and ws. What a good engineer writes: a session that the
// broker keeps, a message acknowledged after its transaction (WAL, synchronous=FULL, prepared statements), repeats known
// by their counter, one JSON.stringify per event, and send for each subscribed client.
//
//   node server.js PORT FILE BROKER PREFIX     (the token is in BRIDGE_TOKEN, the number of devices in BRIDGE_DEVICES)
'use strict';

const { createHash, timingSafeEqual } = require('node:crypto');
const { createServer } = require('node:http');
const Database = require('better-sqlite3');
const mqtt = require('mqtt');
const { WebSocketServer } = require('ws');

const [port, file, broker, prefix] = process.argv.slice(2);
const digest = (text) => createHash('sha256').update(text).digest();
const token = digest(process.env.BRIDGE_TOKEN);
const isProven = (request) => {
  const [scheme, presented = ''] = (request.headers.authorization ?? '').split(' ');
  return scheme === 'Bearer' && timingSafeEqual(digest(presented), token);
};

const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`
  CREATE TABLE IF NOT EXISTS equipment (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS device (id TEXT PRIMARY KEY, counter INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS reading (series TEXT, at INTEGER, value REAL NOT NULL);
  CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, record TEXT NOT NULL);
`);
const putEquipment = db.prepare('INSERT INTO equipment (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record');
const putDevice = db.prepare('INSERT INTO device (id, counter) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET counter = excluded.counter');
const addReading = db.prepare('INSERT INTO reading (series, at, value) VALUES (?, ?, ?)');
const append = db.prepare('INSERT INTO journal (seq, record) VALUES (?, ?)');

const devices = new Map();
for (let n = 1; n <= Number(process.env.BRIDGE_DEVICES); n += 1) {
  devices.set(`${prefix}/${n}`, {
    counter: 0,
    equipment: { bindings: [`plug-${n}`], id: `eq-${n}`, last_seen: null, log: [], name: `Machine ${n}`, profile: 'standard', revision: 1, room_id: null, status: 'operational', type: 'machine' },
  });
}

let seq = 0;
const keep = db.transaction((equipment, counter, power, at, isEvent) => {
  putDevice.run(equipment.id, counter);
  addReading.run(`equipment:${equipment.id}:power`, at, power);
  if (isEvent) {
    putEquipment.run(equipment.id, JSON.stringify(equipment));
    append.run(seq, JSON.stringify({ at, actor: `sensor:${equipment.id}`, event: { equipment_updated: equipment } }));
  }
});

const listeners = new Set();
const take = (topic, payload) => {
  const device = devices.get(topic);
  if (device === undefined) return;
  let message;
  try {
    message = JSON.parse(payload);
  } catch {
    return;
  }
  if (typeof message.power !== 'number' || !(message.n > device.counter)) return;
  const status = message.power > 50 ? 'in_use' : 'operational';
  const isEvent = status !== device.equipment.status;
  const now = new Date();
  const equipment = { ...device.equipment, last_seen: now.toISOString(), status };
  if (isEvent) seq += 1;
  keep(equipment, message.n, message.power, now.getTime(), isEvent);
  device.counter = message.n;
  device.equipment = equipment;
  if (!isEvent) return;
  const text = JSON.stringify({ type: 'equipment:updated', room: 'facility', seq, data: equipment, timestamp: equipment.last_seen });
  for (const listener of listeners) listener.send(text);
};

const client = mqtt.connect(broker, { clientId: 'bench-node', clean: false, protocolVersion: 4 });
// Its acknowledgement goes out when this is done.
client.handleMessage = (packet, done) => {
  take(packet.topic, packet.payload);
  done();
};
client.on('connect', (session) => {
  if (!session.sessionPresent) client.subscribe(`${prefix}/+`, { qos: 1 });
});

const server = createServer((_request, response) => response.writeHead(404).end());
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on('upgrade', (request, socket, head) => {
  if (!isProven(request)) {
    socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
    return;
  }
  socket.setNoDelay(true);
  sockets.handleUpgrade(request, socket, head, (listener) => {
    const say = (type, data) => listener.send(JSON.stringify({ type, data, timestamp: new Date().toISOString() }));
    listener.on('message', (text) => {
      const frame = JSON.parse(text);
      if (frame.type !== 'subscribe') return;
      listeners.add(listener);
      say('subscribed', { room: frame.room });
    });
    listener.on('close', () => listeners.delete(listener));
    say('connected', {});
  });
});
server.listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => {
  client.end(true);
  server.close();
  for (const listener of listeners) listener.terminate();
  db.close();
  process.exit(0);
});
