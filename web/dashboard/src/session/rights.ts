// What each role may change, as docs/roles.md says it. The gateway decides; this only keeps what would be refused off the page.

/** People's roles, and the wall screen's. */
export type Role = 'admin' | 'head_doctor' | 'doctor' | 'nurse' | 'medical_assistant' | 'operator' | 'viewer' | 'kiosk';

/** A kind of command, by its word in docs/roles.md. */
export type Right = keyof typeof RIGHTS;

const CARE = ['admin', 'head_doctor', 'doctor', 'nurse', 'medical_assistant'] as const;

/** Who may do what. A test compares it with docs/roles.md. */
export const RIGHTS = {
  rooms: CARE,
  equipment: ['admin', 'head_doctor', 'nurse', 'medical_assistant', 'operator'],
  actions: CARE,
  tasks: CARE,
  patient_flow: CARE,
  alarms: [...CARE, 'operator'],
  catalogue: ['admin', 'head_doctor'],
  automation: ['admin', 'head_doctor'],
  own_access: [...CARE, 'operator', 'viewer'],
  administration: ['admin'],
} as const satisfies Record<string, readonly Role[]>;

/** Whether a role may do this. */
export function may(role: string, right: Right): boolean {
  return (RIGHTS[right] as readonly string[]).includes(role);
}
