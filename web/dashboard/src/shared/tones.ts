// The signs and colours of what things are like. Each has both, and a word beside it: nobody has to tell colours apart.

import type { Action, Equipment, Room, Task } from '@caresync/client';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconHelpCircle,
  IconPlayerPlay,
  IconPlugConnectedX,
  IconRobot,
  IconSparkles,
  IconTool,
  IconUser,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';

/** What something is like, at a glance. */
export type Tone = 'good' | 'busy' | 'attention' | 'danger' | 'service' | 'unknown';

/** A colour and a sign. */
export interface Look {
  tone: Tone;
  icon: TablerIcon;
}

/** How each status of a room looks. */
export const ROOM_LOOKS: Record<Room['status'], Look> = {
  available: { tone: 'good', icon: IconCircleCheck },
  occupied: { tone: 'busy', icon: IconUser },
  needs_cleaning: { tone: 'attention', icon: IconSparkles },
  maintenance: { tone: 'service', icon: IconTool },
  unknown: { tone: 'unknown', icon: IconHelpCircle },
};

/** How each status of equipment looks. */
export const EQUIPMENT_LOOKS: Record<Equipment['status'], Look> = {
  operational: { tone: 'good', icon: IconCircleCheck },
  in_use: { tone: 'busy', icon: IconPlayerPlay },
  needs_maintenance: { tone: 'attention', icon: IconTool },
  offline: { tone: 'danger', icon: IconPlugConnectedX },
};

/** How each status of a task looks. */
export const TASK_LOOKS: Record<Task['status'], Look> = {
  proposed: { tone: 'service', icon: IconRobot },
  pending: { tone: 'unknown', icon: IconCircleDashed },
  in_progress: { tone: 'busy', icon: IconPlayerPlay },
  completed: { tone: 'good', icon: IconCircleCheck },
  failed: { tone: 'danger', icon: IconAlertTriangle },
  cancelled: { tone: 'unknown', icon: IconX },
};

/** How soon something is wanted. */
export const URGENCY_TONES: Record<Action['urgency'], Tone> = { urgent: 'danger', normal: 'busy', low: 'unknown' };
