/** The prices in `docs/limits.md`: `npm run docs` writes them, and a test fails when they are out of date. */

import { readFile, writeFile } from 'node:fs/promises';
import type { Step } from '../../prices/charge.ts';
import { ablyPlans, foreignPrices, pusherPlans } from '../../prices/foreign-prices.ts';
import { idleDollars, renewedAfter, silencesBefore, silencesNow } from '../../prices/idle.ts';
import { loads } from '../../prices/load.ts';
import { offers } from '../../prices/offers/offers.ts';
import { cheaperThanFanfare, loadText, offersFor, offerText, sums } from '../../prices/report.ts';
import { withGeneratedParts } from './generated-parts.ts';

export const LIMITS_PAGE = new URL('../limits.md', import.meta.url);

/** The page with its prices as they should be. */
export function generateLimitsPage(page: string): string {
  return withGeneratedParts(page, {
    sums: sumsTable,
    cheaper,
    idle: idleTable,
    tokens: tokensTable,
    prices,
    arithmetic,
  });
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

/** The handshakes a second of `prod` with the quotas of a new account. */
const HANDSHAKES_PER_SECOND = 250;

const dollarsOf = (dollars: number) => `$${Math.round(dollars).toLocaleString('en-US')}`;

function idleTable(): string {
  const clients = [
    ['10,000 signed in, without a channel', { connections: 10_000, place: 'alone' }],
    ['100,000 signed in, in rooms of 50', { connections: 100_000, place: 'in a room' }],
  ] as const;
  return table(
    [
      'silent clients',
      'a ping every 4.5 minutes, events on',
      'every 9 minutes, events on',
      'every 9 minutes, events off',
    ],
    ...clients.map(([name, of]) => [
      name,
      dollarsOf(idleDollars({ ...of, events: 'on', silences: silencesBefore })),
      dollarsOf(idleDollars({ ...of, events: 'on', silences: silencesNow })),
      dollarsOf(idleDollars({ ...of, events: 'off', silences: silencesNow })),
    ]),
  );
}

function tokensTable(): string {
  const lifetimes = [
    ['15 minutes', 15],
    ['30 minutes', 30],
    ['1 hour', 60],
    ['2 hours 5 minutes or more', 125],
  ] as const;
  return table(
    [
      'tokens live for',
      'a connection is renewed after',
      '10,000 silent clients a month',
      'connections of `prod` at most',
    ],
    ...lifetimes.map(([name, tokenMinutes]) => [
      name,
      `${renewedAfter(tokenMinutes).toFixed(1)} minutes`,
      dollarsOf(
        idleDollars({
          connections: 10_000,
          place: 'alone',
          events: 'off',
          silences: silencesNow,
          tokenMinutes,
        }),
      ),
      Math.floor(HANDSHAKES_PER_SECOND * renewedAfter(tokenMinutes) * 60).toLocaleString('en-US'),
    ]),
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
