/** The alarms of a stage: what each watches, from which value on, and why from there. `docs/alarms.md` has a section for each. */

import type { AlarmDesign } from './alarm-design.ts';
import { deliveryAlarms } from './delivery-alarms.ts';
import { requestAlarms } from './request-alarms.ts';
import { serviceAlarms } from './service-alarms.ts';

export const alarms = {
  ...requestAlarms,
  ...serviceAlarms,
  ...deliveryAlarms,
} as const satisfies Readonly<Record<string, AlarmDesign>>;

export type AlarmName = keyof typeof alarms;

export const alarmNames: readonly AlarmName[] = Object.keys(alarms).filter(isAlarmName);

export function isAlarmName(name: string): name is AlarmName {
  return Object.hasOwn(alarms, name);
}
