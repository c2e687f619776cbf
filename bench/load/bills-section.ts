/** Writes the bills of four workloads by service. */

import { billedWorkloads } from '../../prices/bills.ts';
import { totalOf } from '../../prices/usage.ts';
import { markdownTable } from '../report.ts';

const SERVICES = ['API Gateway', 'Lambda', 'DynamoDB'] as const;

export function billsSection(): string {
  const rows = billedWorkloads.map(({ name, bill }) => [
    name,
    ...SERVICES.map((service) => dollars(bill.get(service) ?? 0)),
    dollars(totalOf(bill)),
  ]);
  return `## Four bills

By the project's price list, without free tiers, data transfer and logs. \`prices/bills.ts\` makes the sums from units that the bill meter has counted
and tests check. Runs of functions are assumed to take 20 ms, and pages of a resume 50 ms. Lifecycle events are off.

${markdownTable(['workload', ...SERVICES, 'sum'], rows)}

${billedWorkloads.map(({ name, what }) => `- *${name}*: ${what}.`).join('\n')}`;
}

function dollars(value: number): string {
  const digits = value < 10 ? 2 : 0;
  return `$${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}
