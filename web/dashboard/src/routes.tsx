// Every page, and for whom it is: one line each.

import {
  IconAccessPoint,
  IconAdjustments,
  IconBellRinging,
  IconCamera,
  IconChartBar,
  IconChecklist,
  IconDeviceHeartMonitor,
  IconDoor,
  IconHistory,
  IconListDetails,
  IconPlugConnected,
  IconRobot,
  IconServer,
  IconStethoscope,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ParseKeys } from 'i18next';
import { type ComponentType, lazy, type LazyExoticComponent } from 'react';

import type { Me } from './session/me';

/** A place in the menu. */
export interface Entry {
  label: ParseKeys;
  icon: TablerIcon;
  group: 'work' | 'clinic' | 'admin';
}

/** A page. Its path is none of the gateway's own: /api, /ws, /metrics, /mcp, /trpc, /assets. */
export interface PageRoute {
  path: string;
  Page: LazyExoticComponent<ComponentType>;
  /** Absent for pages that are reached from another one. */
  entry?: Entry;
  /** For whom it is, in the menu and by its address; for everybody by default. The gateway decides who may do what. */
  isFor?: (me: Me) => boolean;
}

const actsAsDoctor = (me: Me) => me.doctors.length > 0;
/** Whoever may answer an alarm looks after what raises them. */
const seesToAlarms = (me: Me) => me.may('alarms');
const administers = (me: Me) => me.may('administration');

/** All of them, in the order of the menu. */
export const PAGES: readonly PageRoute[] = [
  { path: '/', Page: lazy(() => import('./pages/inbox/Inbox')), entry: { label: 'inbox.title', icon: IconBellRinging, group: 'work' } },
  { path: '/my-rooms', Page: lazy(() => import('./pages/my-rooms/MyRooms')), entry: { label: 'my_rooms.title', icon: IconStethoscope, group: 'work' }, isFor: actsAsDoctor },
  { path: '/rooms', Page: lazy(() => import('./pages/rooms/Rooms')), entry: { label: 'rooms.title', icon: IconDoor, group: 'work' } },
  { path: '/rooms/:id', Page: lazy(() => import('./pages/rooms/RoomDetail')) },
  { path: '/actions', Page: lazy(() => import('./pages/actions/Actions')), entry: { label: 'actions.title', icon: IconListDetails, group: 'work' } },
  { path: '/tasks', Page: lazy(() => import('./pages/tasks/Tasks')), entry: { label: 'tasks.title', icon: IconChecklist, group: 'work' } },
  { path: '/tasks/:id', Page: lazy(() => import('./pages/tasks/TaskDetail')) },
  { path: '/equipment', Page: lazy(() => import('./pages/equipment/Equipment')), entry: { label: 'equipment.title', icon: IconDeviceHeartMonitor, group: 'clinic' } },
  { path: '/charts', Page: lazy(() => import('./pages/charts/Charts')), entry: { label: 'charts.title', icon: IconChartBar, group: 'clinic' } },
  { path: '/cameras', Page: lazy(() => import('./pages/cameras/Cameras')), entry: { label: 'cameras.title', icon: IconCamera, group: 'clinic' } },
  { path: '/devices', Page: lazy(() => import('./pages/devices/Devices')), entry: { label: 'devices.title', icon: IconAccessPoint, group: 'clinic' }, isFor: seesToAlarms },
  { path: '/agent', Page: lazy(() => import('./pages/agent/Agent')), entry: { label: 'agent.title', icon: IconRobot, group: 'clinic' } },
  { path: '/system', Page: lazy(() => import('./pages/system/System')), entry: { label: 'system.title', icon: IconServer, group: 'clinic' }, isFor: seesToAlarms },
  { path: '/endpoints', Page: lazy(() => import('./pages/endpoints/Endpoints')), entry: { label: 'endpoints.title', icon: IconPlugConnected, group: 'admin' }, isFor: administers },
  { path: '/endpoints/:id', Page: lazy(() => import('./pages/endpoints/EndpointDetail')), isFor: administers },
  { path: '/users', Page: lazy(() => import('./pages/users/Users')), entry: { label: 'users.title', icon: IconUsers, group: 'admin' }, isFor: administers },
  { path: '/users/:id', Page: lazy(() => import('./pages/users/Account')), isFor: administers },
  { path: '/audit', Page: lazy(() => import('./pages/audit/Audit')), entry: { label: 'audit.title', icon: IconHistory, group: 'admin' }, isFor: administers },
  { path: '/automation', Page: lazy(() => import('./pages/automation/Automation')), entry: { label: 'automation.title', icon: IconAdjustments, group: 'admin' }, isFor: (me) => me.may('automation') },
];
