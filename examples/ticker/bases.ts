/** The currencies of which there are prices: each has a channel, whose messages have its price in 100 others. */

export const BASES = ['EUR', 'USD', 'GBP', 'JPY', 'CHF'];

export const channelOf = (base: string) => `public:ticker-${base}`;
