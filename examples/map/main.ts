/** A map of 200 vehicles. Messages change where the vehicles are, and each frame draws only the newest places. */

import { connect, type Message } from 'fanfare-client';
import * as v from 'valibot';
import { positions, WHOLE_EVERY } from './positions.ts';
import type { Place } from './town.ts';
import { TownMap } from './town-map.ts';

const map = new TownMap(find('#map'));
/** The newest place of each vehicle, and of those that have moved since the last frame. */
const places = new Map<number, Place>();
const moved = new Map<number, Place>();
let newest = 0;
let frame = 0;

function received({ seq = 0, data }: Message): void {
  for (const [id, east, north] of v.parse(positions, data)) {
    places.set(id, [east, north]);
    moved.set(id, [east, north]);
  }
  newest = seq;
  // Several messages before the next frame cost one drawing. A page in the background has no frames, and catches up in one.
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  for (const [id, place] of moved) map.place(id, place);
  moved.clear();
  find('#count').textContent = `${places.size} vehicles`;
  const lines = [...places].toSorted(([one], [other]) => one - other).map(([id, place]) => `${id}: ${place}`);
  find('pre').textContent = [`Message ${newest}`, ...lines].join('\n');
}

function find(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector);
  if (element) return element;
  throw new Error(`The page has no ${selector}.`);
}

const connection = connect(`ws://${location.host}/local`);
connection.on('state', (state) => find('#state').replaceChildren(state));
connection.channel('public:map').subscribe(received, { last: WHOLE_EVERY });
