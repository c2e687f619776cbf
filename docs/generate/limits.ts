/** The prices in `docs/limits.md`: `npm run docs` writes them, and a test fails when they are out of date. */

import { readFile, writeFile } from 'node:fs/promises';
import type { Step } from '../../prices/charge.ts';
import { ablyPlans, foreignPrices, pusherPlans } from '../../prices/foreign-prices.ts';
import { loads } from '../../prices/load.ts';
import { offers } from '../../prices/offers/offers.ts';
import { cheaperThanFanfare, loadText, offersFor, offerText, sums } from '../../prices/report.ts';
import { withGeneratedParts } from './generated-parts.ts';

export const LIMITS_PAGE = new URL('../limits.md', import.meta.url);

/** The page with its prices as they should be. */
export function generateLimitsPage(page: string): string {
  return withGeneratedParts(page, { sums: sumsTable, cheaper, prices, arithmetic });
}

function table(...rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function sumsTable(): string {
  return table(['load', ...Object.keys(offers)], ...loads.map((load) => [load.name, ...sums(load)]));
}

function cheaper(): string {
  return table(
    ['load', 'what it is', 'cheaper than Fanfare'],
    ...loads.map((load) => [load.name, loadText(load), cheaperThanFanfare(load)]),
  );
}

function prices(): string {
  const byUse = Object.values(foreignPrices).map(({ service, item, unit, per, steps, source }) => [
    service,
    `${item}, for each ${per === 1 ? unit : `${per.toLocaleString('en-US')} x ${unit}`}`,
    steps.map(stepText).join(', '),
    source,
  ]);
  const plans = [
    ...ablyPlans.map((plan) => ['Ably', plan] as const),
    ...pusherPlans.map((plan) => ['Pusher', plan] as const),
  ];
  return table(
    ['service', 'of', 'dollars', 'source'],
    ...byUse,
    ...plans.map(([service, plan]) => [
      service,
      `plan ${plan.name}, up to ${plan.connections.toLocaleString('en-US')} connections and ${
        'messagesPerDay' in plan
          ? `${plan.messagesPerDay.toLocaleString('en-US')} messages a day`
          : `${plan.messagesPerSecond.toLocaleString('en-US')} messages a second`
      }`,
      `${plan.dollars.toLocaleString('en-US')} a month`,
      plan.source,
    ]),
  );
}

function stepText({ upTo, dollars }: Step): string {
  return Number.isFinite(upTo) ? `${dollars} up to ${upTo.toLocaleString('en-US')}` : `${dollars}`;
}

function arithmetic(): string {
  return loads
    .map((load) => {
      const texts = offersFor(load).map(offerText).join('\n');
      return `**${load.name}**: ${loadText(load)}.\n\n\`\`\`text\n${texts}\n\`\`\``;
    })
    .join('\n\n');
}

export async function writeLimitsPage(): Promise<void> {
  await writeFile(LIMITS_PAGE, generateLimitsPage(await readFile(LIMITS_PAGE, 'utf8')));
}
