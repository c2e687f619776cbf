/** A dashboard: the last minute when it opens, then each new measurement, also those that were missed in an interruption. */

import { connect, type Message } from 'fanfare-client';
import * as v from 'valibot';
import { Chart } from './chart.ts';
import { type Measurement, measurement } from './measurement.ts';

/** The points of a chart. */
const KEPT = 60;

const charts = [
  new Chart('Orders a minute', ({ orders }) => orders),
  new Chart('Reply time in ms', ({ replyMs }) => replyMs),
];
const points: (Measurement & Pick<Message, 'seq'>)[] = [];

function show({ seq, data }: Message): void {
  points.push({ seq, ...v.parse(measurement, data) });
  points.splice(0, points.length - KEPT);
  for (const chart of charts) chart.show(points);
  document.querySelector('tbody')?.replaceChildren(...points.toReversed().map(rowOf));
}

function rowOf({ seq, at, orders, replyMs }: (typeof points)[number]): HTMLTableRowElement {
  const row = document.createElement('tr');
  for (const cell of [seq, new Date(at).toLocaleTimeString(), orders, replyMs])
    row.insertCell().textContent = String(cell);
  return row;
}

const connection = connect(`ws://${location.host}/local`);
connection.on('state', (state) => document.querySelector('[role="status"]')?.replaceChildren(state));
connection.channel('public:dashboard').subscribe(show, { last: KEPT });
