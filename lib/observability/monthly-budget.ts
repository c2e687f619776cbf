/** A budget of the account: e-mails before a month becomes dearer than its owner wants. */

import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import type { Construct } from 'constructs';

/** Percent of the budget. The first is about what was spent, the second about what AWS foresees for the month. */
const NOTICES = [
  { notificationType: 'ACTUAL', threshold: 80 },
  { notificationType: 'FORECASTED', threshold: 100 },
] as const;

export function addMonthlyBudget(scope: Construct, dollars: number, emails: readonly string[]): void {
  const subscribers = emails.map((address) => ({ subscriptionType: 'EMAIL', address }));
  new CfnBudget(scope, 'Budget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: dollars, unit: 'USD' },
    },
    notificationsWithSubscribers: NOTICES.map((notice) => ({
      notification: { ...notice, thresholdType: 'PERCENTAGE', comparisonOperator: 'GREATER_THAN' },
      subscribers,
    })),
  });
}
