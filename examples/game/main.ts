/** A game for two, who chase a star. Each tells the other 20 times a second where it is. One value has the caught stars of all players. */

import { connect } from 'fanfare-client';
import { valuesOf } from 'fanfare-client/values';
import { controlsOf } from './controls.ts';
import { hourOf, meterOf } from './cost.ts';
import { draw, FIELD, starAt } from './field.ts';
import { Others, type Player } from './others.ts';
import { Stars } from './stars.ts';

/** Of a namespace without history: only the present moment counts. */
const CHANNEL = 'live:game';
/** Units of the field in a second. */
const SPEED = 45;

const field = find('svg', SVGSVGElement);
const state = find('#state', HTMLElement);
const half = find('#half', HTMLInputElement);

const me = new URLSearchParams(location.search).get('user') ?? `guest-${Math.floor(1000 * Math.random())}`;
const mine: Player = { x: FIELD.width * Math.random(), y: FIELD.height * Math.random(), rate: 20 };
const others = new Others();
const playersAt = (now: number) => new Map([[me, mine], ...others.at(now)]);

/** In the place of your own sign-in: the local runtime gives a token to everyone who asks. */
const signIn = async () => (await fetch(`/examples/token?user=${encodeURIComponent(me)}`)).text();
const connection = connect(`ws://${location.host}/local`, { token: signIn });
connection.on('state', (now) => state.replaceChildren(now));
const channel = connection.channel(CHANNEL);
/** The channel of the caught stars keeps values. */
const stars = new Stars(valuesOf(connection.channel('open:game')));
channel.subscribe(({ from = me, data }) => from !== me && others.heard(from, data, performance.now()));

/** One update at a time: on a slow network they are fewer, and each is the newest. */
async function tell(): Promise<void> {
  for (;;) await Promise.all([channel.publish(mine), pause(1_000 / mine.rate)]);
}

const wayFrom = controlsOf(field);
let before = performance.now();

function play(now: number): void {
  // A page in the background has no frames, so its disc stands still.
  const distance = (SPEED * Math.min(100, now - before)) / 1_000;
  before = now;
  const way = wayFrom(mine);
  mine.x = within(FIELD.radius, mine.x + way.x * distance, FIELD.width - FIELD.radius);
  mine.y = within(FIELD.radius, mine.y + way.y * distance, FIELD.height - FIELD.radius);

  const players = playersAt(now);
  const star = starAt(stars.caught);
  if (Math.hypot(star.x - mine.x, star.y - mine.y) < 2 * FIELD.radius) stars.catch(me).catch(fail);
  draw(field, players, stars, star);
  requestAnimationFrame(play);
}

async function price(): Promise<void> {
  const rates = [...playersAt(performance.now()).values()].map(({ rate }) => rate);
  find('#hour', HTMLElement).replaceChildren(hourOf(rates));
  find('#meter', HTMLElement).replaceChildren(await meterOf(CHANNEL));
}

const fail = (error: Error) => state.replaceChildren(error.message);
const within = (least: number, value: number, most: number) => Math.max(least, Math.min(value, most));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

half.addEventListener('change', () => {
  mine.rate = half.checked ? 10 : 20;
});
play(before);
setInterval(price, 1_000);
tell().catch(fail);

function find<Kind extends Element>(selector: string, kind: new () => Kind): Kind {
  const element = document.querySelector(selector);
  if (element instanceof kind) return element;
  throw new Error(`The page has no ${selector}.`);
}
