/** What a stage says about its alarms (`docs/alarms.md`). */

import { type AlarmName, isAlarmName } from '../observability/alarm-table.ts';
import { SettingError } from './setting-error.ts';

export interface AlarmSettings {
  /** They get an e-mail when an alarm begins and when it ends. AWS asks each of them once whether it wants these. */
  readonly emails: readonly string[];
  /**
   * Dollars a month for the whole account. The `emails` learn when four fifths are spent, and when AWS foresees that the month will cost
   * more.
   */
  readonly monthlyBudget: 'none' | number;
  /** Values at which alarms of this stage begin, in place of those of the table. */
  readonly thresholds: Readonly<Partial<Record<AlarmName, number>>>;
}

/** Alarms that tell no person: a program may subscribe to their topic. */
export const ALARMS: AlarmSettings = { emails: [], monthlyBudget: 'none', thresholds: {} };

/** AWS tells ten addresses about one budget. https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_NotificationWithSubscribers.html */
const MOST_EMAILS = 10;

/** @throws SettingError for a budget of which no person would learn, and for an alarm that there is not. */
export function checkAlarms({ emails, monthlyBudget, thresholds }: AlarmSettings, path: string): void {
  for (const email of emails)
    if (!/^\S+@\S+\.\S+$/.test(email))
      throw new SettingError(`${path}: alarms.emails has ${JSON.stringify(email)}, which is no address.`);
  for (const [name, threshold] of Object.entries(thresholds)) {
    if (!isAlarmName(name))
      throw new SettingError(`${path}: alarms.thresholds has ${name}, and there is no such alarm.`);
    if (!Number.isFinite(threshold) || threshold <= 0)
      throw new SettingError(
        `${path}: alarms.thresholds.${name} is ${threshold}, which is not allowed: it is a number above 0.`,
      );
  }
  if (monthlyBudget === 'none') return;
  if (!Number.isFinite(monthlyBudget) || monthlyBudget <= 0)
    throw new SettingError(
      `${path}: alarms.monthlyBudget is ${monthlyBudget}, which is not allowed: it is a number of dollars above 0.`,
    );
  if (emails.length === 0 || emails.length > MOST_EMAILS)
    throw new SettingError(
      `${path}: alarms.monthlyBudget needs 1 to ${MOST_EMAILS} addresses in alarms.emails.`,
    );
}
