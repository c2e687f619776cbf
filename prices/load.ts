/** What a month of use consists of, with any provider. */

/** A month of 30 days, in which every client is connected all the time. */
export const HOURS_A_MONTH = 30 * 24;
export const MINUTES_A_MONTH = HOURS_A_MONTH * 60;

export interface Load {
  readonly connections: number;
  /** Published in a minute, by all together. */
  readonly messages: number;
  /** How many connections each message goes to. */
  readonly subscribers: number;
}

export interface Month {
  readonly connectionMinutes: number;
  readonly publishes: number;
  readonly deliveries: number;
  /** Channels of `subscribers` each, and each connection in one of them. */
  readonly channels: number;
  readonly deliveriesPerSecond: number;
}

export function monthOf({ connections, messages, subscribers }: Load): Month {
  return {
    connectionMinutes: connections * MINUTES_A_MONTH,
    publishes: messages * MINUTES_A_MONTH,
    deliveries: messages * subscribers * MINUTES_A_MONTH,
    channels: Math.ceil(connections / subscribers),
    deliveriesPerSecond: (messages * subscribers) / 60,
  };
}

/** The loads of the page, smallest first. */
export const loads = [
  { name: 'a team chat', connections: 100, messages: 100, subscribers: 10 },
  { name: 'a support desk', connections: 1_000, messages: 1_000, subscribers: 20 },
  { name: 'busy rooms', connections: 10_000, messages: 10_000, subscribers: 50 },
  { name: 'a quiet audience', connections: 100_000, messages: 0.1, subscribers: 100_000 },
] as const satisfies readonly (Load & { readonly name: string })[];
