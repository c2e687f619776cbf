/** A ticker: the prices of five currencies in a hundred others, on one connection, the last ones at once. */

import { connect, type Message } from 'fanfare-client';
import * as v from 'valibot';
import { BASES, channelOf } from './bases.ts';
import { addColumn, showPrice, symbols } from './board.ts';
import { record } from './log.ts';
import { openWire } from './wire.ts';

const connection = connect(`ws://${location.host}/local`);
const show = (id: string, text: string) => document.getElementById(id)?.replaceChildren(text);
connection.on('state', (state) => show('state', state));

const prices = v.record(v.string(), v.number());

function receive(base: string, { seq, data }: Message): void {
  const quotes = Object.entries(v.parse(prices, data));
  for (const [currency, price] of quotes) showPrice(base, currency, price);
  const [currency, price] = quotes[0] ?? [];
  record('tape', `${seq} ${base}/${currency} ${price}`);
  show('count', `${symbols()} symbols`);
}

/** Shows the prices of a currency until the signal aborts. */
function follow(base: string, signal: AbortSignal): void {
  // The last message has the last price of each symbol.
  connection.channel(channelOf(base)).subscribe((message) => receive(base, message), { last: 1, signal });
}

for (const base of BASES) {
  let shown = new AbortController();
  follow(base, shown.signal);
  addColumn(base, (isOn) => {
    shown.abort();
    if (!isOn) return;
    shown = new AbortController();
    follow(base, shown.signal);
  });
}
openWire();
