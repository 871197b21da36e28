// Made from docs/hub-frames.json by scripts/generate.mjs. Do not edit.

/**
 * Every frame of the hub of a CareSync gateway. A field that the client's role may not see is absent. A client ignores keys and types that it does not know.
 */
export type Hub1 = (ClientFrame | ServerFrame)
export type ClientFrame = (ClientSubscribe | ClientUnsubscribe | ClientSignal | ClientPing)
/**
 * The client's own name of a frame.
 */
export type FrameId = (string | number)
/**
 * A channel.
 */
export type Channel = string
/**
 * A place in the journal: `epoch:seq`.
 */
export type Cursor = string
export type ServerFrame = (ServerConnected | ServerSubscribed | ServerSnapshot | ServerUnsubscribed | ServerResync | ServerPresence | ServerPresenceJoined | ServerPresenceLeft | ServerMetricsUpdated | ServerSignal | ServerPong | ServerError | ServerGoodbye | ServerRoomCreated | ServerRoomUpdated | ServerRoomDeleted | ServerEquipmentCreated | ServerEquipmentUpdated | ServerEquipmentDeleted | ServerActionCreated | ServerActionUpdated | ServerActionDeleted | ServerTaskCreated | ServerTaskUpdated | ServerTaskDeleted | ServerAlarmRaised | ServerAlarmCleared | ServerAlarmAcknowledged | ServerCameraUpdated | ServerDeviceUpdated)
/**
 * What a person or machine is in the clinic.
 */
export type Role = ("admin" | "head_doctor" | "doctor" | "nurse" | "medical_assistant" | "operator" | "viewer" | "kiosk" | "device" | "agent" | "peer")
/**
 * An id: the clinic's own word, or a UUIDv7.
 */
export type Id = string
/**
 * A point in time, RFC 3339.
 */
export type Time = string
/**
 * How far it is.
 */
export type ActionStatus = ("pending" | "in_progress" | "completed")
/**
 * Why it waits.
 */
export type ActionKind = ("policy_conflict" | "equipment_issue" | "agent_request" | "escalation" | "manual" | "room_issue")
/**
 * How soon.
 */
export type Urgency = ("urgent" | "normal" | "low")
/**
 * How a camera does.
 */
export type CameraHealth = ("starting" | "live" | "stale" | "lost")
/**
 * How a claim was made.
 */
export type Method = ("model" | "motion" | "external" | "sensor")
/**
 * How a device does.
 */
export type DeviceHealth = ("waiting" | "live" | "silent" | "offline")
/**
 * How a piece of equipment is meant to be used.
 */
export type Profile = ("intermittent" | "continuous")
/**
 * How a piece of equipment does.
 */
export type EquipmentStatus = ("operational" | "in_use" | "needs_maintenance" | "offline")
/**
 * How much a piece of evidence, or what rests on it, can be trusted for its age.
 */
export type Freshness = ("fresh" | "stale" | "lost")
/**
 * Whether somebody is in the room.
 */
export type Presence = ("occupied" | "empty" | "unknown")
/**
 * Whether the room may be used. Survives restarts and lost sensors.
 */
export type Readiness = ("clean" | "needs_cleaning" | "maintenance")
/**
 * The one word on the door, derived from readiness and occupancy.
 */
export type RoomStatus = ("available" | "occupied" | "needs_cleaning" | "maintenance" | "unknown")
/**
 * What a room is for.
 */
export type RoomKind = ("examination" | "treatment" | "waiting" | "other")
/**
 * How far it is.
 */
export type TaskStatus = ("proposed" | "pending" | "in_progress" | "completed" | "failed" | "cancelled")
/**
 * Why a subscription is no longer what it was.
 */
export type Reason = ("role_changed" | "rights_changed")
/**
 * What somebody tells the others of a channel, or, with an `id`, the answer to whoever told it.
 */
export type Signal = ({
from: Teller
/**
 * The `data` of their frame.
 */
signal: {
[k: string]: unknown
}
} | {
room: Channel
})
/**
 * A camera's health, or that it is no longer configured: what `camera:updated` says.
 */
export type CameraNews = (Camera | CameraGone)
/**
 * What is said of a camera or a device in place of how it does.
 */
export type Removed = "removed"
/**
 * A device, or that it is no longer bound: what `device:updated` says.
 */
export type DeviceNews = (Device | DeviceGone)

/**
 * Joins a channel, or asks again for what it begins with.
 */
export interface ClientSubscribe {
/**
 * Ignored.
 */
data?: {
[k: string]: unknown
}
id?: FrameId
/**
 * Asks who else is there, and who comes and goes.
 */
presence?: (boolean | null)
room: Channel
since?: (Cursor | null)
/**
 * Asks for the state first. It comes without being asked for when `recovered` is false.
 */
snapshot?: (boolean | null)
/**
 * Ignored.
 */
timestamp?: {
[k: string]: unknown
}
type: "subscribe"
}
/**
 * Leaves a channel.
 */
export interface ClientUnsubscribe {
/**
 * Ignored.
 */
data?: {
[k: string]: unknown
}
id?: FrameId
room: Channel
/**
 * Ignored.
 */
timestamp?: {
[k: string]: unknown
}
type: "unsubscribe"
}
/**
 * Tells the others of a channel something that is not kept: who is typing, which field has the focus.
 */
export interface ClientSignal {
/**
 * At most 1,024 bytes of JSON.
 */
data?: {
[k: string]: unknown
}
id?: FrameId
room: Channel
/**
 * Ignored.
 */
timestamp?: {
[k: string]: unknown
}
type: "signal"
}
/**
 * Asks for a `pong`: a browser does not see the protocol's own pings.
 */
export interface ClientPing {
/**
 * Ignored.
 */
data?: {
[k: string]: unknown
}
id?: FrameId
/**
 * Ignored.
 */
timestamp?: {
[k: string]: unknown
}
type: "ping"
}
/**
 * The first frame of every connection: who the client is taken for, and how far the clinic's journal is.
 */
export interface ServerConnected {
data: Connected
timestamp: Time
type: "connected"
}
/**
 * The first frame of every connection: who the client is taken for, and how far the clinic's journal is.
 */
export interface Connected {
/**
 * Channels that are joined already: those of the doctors for whom the user acts. Not on an event stream.
 */
channels?: Channel[]
/**
 * This connection. Not on an event stream.
 */
client_id?: string
/**
 * The journal's life. A cursor is written `epoch:seq`.
 */
epoch: string
/**
 * Milliseconds between the gateway's own WebSocket pings. Not on an event stream.
 */
ping_ms?: number
role: Role
/**
 * The newest event.
 */
seq: number
user: (Id | null)
}
/**
 * A channel is joined. The replay or the snapshot follows, if there is one, and then what happens.
 */
export interface ServerSubscribed {
data: Subscribed
/**
 * The journal's life.
 */
epoch: string
id?: FrameId
/**
 * Whether everything since the client's cursor comes.
 */
recovered?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "subscribed"
}
/**
 * A channel is joined. The replay or the snapshot follows, if there is one, and then what happens.
 */
export interface Subscribed {
room: Channel
}
/**
 * What there is, as of the frame's `seq`: of each kind, what the channel carries and the role sees.
 */
export interface ServerSnapshot {
data: Snapshot
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "snapshot"
}
/**
 * What there is, as of the frame's `seq`: of each kind, what the channel carries and the role sees.
 */
export interface Snapshot {
actions?: Action[]
/**
 * Those that stand.
 */
alarms?: Alarm[]
cameras?: Camera[]
devices?: Device[]
equipment?: Equipment[]
/**
 * The newest value of each series that was measured within the last quarter of an hour. These have no `seq`:
 * they are as of the frame's `timestamp` or later.
 */
readings?: Reading[]
rooms?: Room[]
tasks?: Task[]
}
/**
 * An action item.
 */
export interface Action {
assigned_to: (Id | null)
completed_at: (Time | null)
completed_by: (string | null)
context?: Json
created_at: Time
created_by: string
description?: string
doctor_id: (Id | null)
equipment_id: (Id | null)
id: Id
reasoning?: (string | null)
revision: number
room_id: (Id | null)
status: ActionStatus
suggested_actions?: string[]
/**
 * Seconds from writing to completion, or until now.
 */
time_waiting?: (number | null)
title?: string
type: ActionKind
urgency: Urgency
}
/**
 * Any JSON object.
 */
export interface Json {

}
/**
 * A technical alarm.
 */
export interface Alarm {
acknowledged_by: (string | null)
cause: string
children: string[]
cleared_at: (Time | null)
id: Id
raised_at: Time
remedy?: string
subject: string
text?: string
}
/**
 * A camera's health.
 */
export interface Camera {
health: CameraHealth
id: Id
method: (Method | null)
room_id: Id
since: Time
synthetic: boolean
trouble?: (string | null)
}
/**
 * A bound device, and how it does.
 */
export interface Device {
/**
 * How full its battery is, %. Not worth an event of its own.
 */
battery: (number | null)
battery_low: boolean
/**
 * It comes and goes.
 */
flapping: boolean
health: DeviceHealth
id: Id
last_seen: (Time | null)
/**
 * How well its radio is heard. Not worth an event of its own.
 */
link_quality: (number | null)
/**
 * What its availability or its will said last.
 */
online: (boolean | null)
since: Time
/**
 * It detects somebody for hours against all others, and has no say.
 */
stuck: boolean
/**
 * What it is about: `equipment:eq-1`, `room:room-1`, `door:room-1`, `button:room-1`, `environment:fridge-1`.
 */
target: string
}
/**
 * A piece of equipment.
 */
export interface Equipment {
id: Id
last_maintenance_date: (Time | null)
last_updated: Time
log?: LogEntry[]
name?: string
next_maintenance_date: (Time | null)
profile: (Profile | null)
revision: number
room_id: (Id | null)
since: Time
status: EquipmentStatus
type?: string
}
/**
 * An entry of a maintenance log.
 */
export interface LogEntry {
at: Time
by: string
text: string
}
/**
 * The newest value of a series.
 */
export interface Reading {
at: Time
/**
 * What is measured: `equipment|room|environment|device:<id>:<quantity>`.
 */
series: string
/**
 * The unit as people write it; empty for a bare number.
 */
unit: string
/**
 * How much.
 */
value: number
}
/**
 * A room.
 */
export interface Room {
current_doctor_id: (Id | null)
current_patient_id?: (Id | null)
estimated_available_at: (Time | null)
id: Id
last_updated: Time
name?: string
occupancy: Occupancy
readiness: Readiness
revision: number
since: Time
status: RoomStatus
type: RoomKind
}
export interface Occupancy {
/**
 * 0.0..=1.0, to three places: more would be noise.
 */
confidence?: (number | null)
freshness: Freshness
paused: boolean
people?: (number | null)
since: Time
sources: Id[]
state: Presence
synthetic: boolean
why?: string
}
/**
 * A task.
 */
export interface Task {
answer_by: (Time | null)
assignee: Id
created_by: string
description?: string
doctor_id: (Id | null)
end_time: (Time | null)
equipment_id: (Id | null)
estimated_duration: (number | null)
expires_at: (Time | null)
id: Id
notes?: TaskNote[]
priority: Urgency
reasoning?: (string | null)
revision: number
room_id: (Id | null)
start_time: Time
status: TaskStatus
synthetic: boolean
type?: string
}
/**
 * A remark on a task.
 */
export interface TaskNote {
at: Time
by: string
text: string
}
/**
 * A channel is left: the client asked for it, or its role no longer hears it.
 */
export interface ServerUnsubscribed {
data: Unsubscribed
id?: FrameId
room: Channel
timestamp: Time
type: "unsubscribed"
}
/**
 * A channel is left: the client asked for it, or its role no longer hears it.
 */
export interface Unsubscribed {
reason?: Reason
role?: Role
room: Channel
}
/**
 * The channel is still joined, but what was sent of it no longer fits: forget it, and subscribe again with
 * `snapshot: true`.
 */
export interface ServerResync {
data: Resync
room: Channel
timestamp: Time
type: "resync"
}
/**
 * The channel is still joined, but what was sent of it no longer fits: forget it, and subscribe again with
 * `snapshot: true`.
 */
export interface Resync {
reason: Reason
role: Role
room: Channel
}
/**
 * Who is in the channel now, for a subscription with `presence: true`.
 */
export interface ServerPresence {
data: Present
room: Channel
timestamp: Time
type: "presence"
}
/**
 * Who is in the channel now, for a subscription with `presence: true`.
 */
export interface Present {
users: Left[]
}
/**
 * A user, however many connections they have.
 */
export interface Left {
/**
 * `null` where the view shows no names.
 */
name: (string | null)
role: (Role | null)
user: Id
}
/**
 * A user came to the channel by their first connection.
 */
export interface ServerPresenceJoined {
data: Left
room: Channel
timestamp: Time
type: "presence:joined"
}
/**
 * A user's last connection left the channel, ten seconds ago.
 */
export interface ServerPresenceLeft {
data: Left
room: Channel
timestamp: Time
type: "presence:left"
}
/**
 * Readings: the newest value of each series that has one since the client was told last. Never replayed.
 */
export interface ServerMetricsUpdated {
data: MetricsUpdated
room: Channel
timestamp: Time
type: "metrics:updated"
}
/**
 * Readings: the newest value of each series that has one since the client was told last. Never replayed.
 */
export interface MetricsUpdated {
readings: Reading[]
}
/**
 * What somebody tells the others of a channel, or, with an `id`, the answer to whoever told it.
 */
export interface ServerSignal {
data: Signal
id?: FrameId
room: Channel
timestamp: Time
type: "signal"
}
/**
 * Who sent a signal.
 */
export interface Teller {
client_id: string
user: Id
}
/**
 * The answer to a `ping`.
 */
export interface ServerPong {
data: Pong
id?: FrameId
timestamp: Time
type: "pong"
}
/**
 * The answer to a `ping`.
 */
export interface Pong {

}
/**
 * A frame of the client was not understood, or is refused. Nothing has changed, and the connection lives on.
 */
export interface ServerError {
data: Error
id?: FrameId
timestamp: Time
type: "error"
}
/**
 * A frame of the client was not understood, or is refused. Nothing has changed, and the connection lives on.
 */
export interface Error {
/**
 * A word for programs.
 */
code: string
/**
 * The key of the frame that is wrong.
 */
field: (string | null)
/**
 * A sentence for people.
 */
message: string
}
/**
 * The connection is about to end. On an event stream this stands for the close code.
 */
export interface ServerGoodbye {
data: Goodbye
timestamp: Time
type: "goodbye"
}
/**
 * The connection is about to end. On an event stream this stands for the close code.
 */
export interface Goodbye {
/**
 * The close code.
 */
code: number
/**
 * The same in words.
 */
reason: string
}
/**
 * A room is new.
 */
export interface ServerRoomCreated {
data: Room
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "room:created"
}
/**
 * A room has changed; this is all of it.
 */
export interface ServerRoomUpdated {
data: Room
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "room:updated"
}
/**
 * A room is gone.
 */
export interface ServerRoomDeleted {
data: Gone
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "room:deleted"
}
/**
 * A thing that is gone.
 */
export interface Gone {
id: Id
}
/**
 * Equipment is new.
 */
export interface ServerEquipmentCreated {
data: Equipment
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "equipment:created"
}
/**
 * Equipment has changed; this is all of it.
 */
export interface ServerEquipmentUpdated {
data: Equipment
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "equipment:updated"
}
/**
 * Equipment is gone.
 */
export interface ServerEquipmentDeleted {
data: Gone
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "equipment:deleted"
}
/**
 * An action item is new.
 */
export interface ServerActionCreated {
data: Action
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "action:created"
}
/**
 * An action item has changed; this is all of it.
 */
export interface ServerActionUpdated {
data: Action
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "action:updated"
}
/**
 * An action item is gone.
 */
export interface ServerActionDeleted {
data: Gone
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "action:deleted"
}
/**
 * A task is new.
 */
export interface ServerTaskCreated {
data: Task
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "task:created"
}
/**
 * A task has changed; this is all of it.
 */
export interface ServerTaskUpdated {
data: Task
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "task:updated"
}
/**
 * A task is gone.
 */
export interface ServerTaskDeleted {
data: Gone
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "task:deleted"
}
/**
 * Something technical is wrong.
 */
export interface ServerAlarmRaised {
data: Alarm
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "alarm:raised"
}
/**
 * It is no longer wrong.
 */
export interface ServerAlarmCleared {
data: Alarm
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "alarm:cleared"
}
/**
 * Somebody has seen it.
 */
export interface ServerAlarmAcknowledged {
data: Alarm
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "alarm:acknowledged"
}
/**
 * How a camera does, or that it is gone.
 */
export interface ServerCameraUpdated {
data: CameraNews
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "camera:updated"
}
/**
 * A camera that is no longer configured.
 */
export interface CameraGone {
health: Removed
id: Id
}
/**
 * How a device does, or that it is gone.
 */
export interface ServerDeviceUpdated {
data: DeviceNews
/**
 * The event is not new: it is sent again.
 */
replay?: boolean
room: Channel
/**
 * The event's place, or the place that an answer holds for.
 */
seq: number
timestamp: Time
type: "device:updated"
}
/**
 * A device that is no longer bound.
 */
export interface DeviceGone {
health: Removed
id: Id
}
