/** Draws the field: the star, and a disc with name and stars for each player. */

import type { Point } from './interpolation.ts';
import type { Player } from './others.ts';
import type { Stars } from './stars.ts';

export const FIELD = { width: 100, height: 56, radius: 3 };

/** The same on all pages, because all know how many stars are caught. */
export function starAt(caught: number): Point {
  return { x: 12 + ((caught * 37 + 38) % 77), y: 10 + ((caught * 23 + 18) % 39) };
}

export function draw(
  field: SVGElement,
  players: ReadonlyMap<string, Player>,
  stars: Stars,
  star: Point,
): void {
  const discs = [...players].map(([name, player]) => {
    // Beside a wall the label moves, so that it stays inside.
    const x = Math.max(12, Math.min(player.x, FIELD.width - 12)) - player.x;
    const label = drawn('text', { x, y: player.y < 9 ? 6.5 : -4.5 });
    label.textContent = `${name} ${stars.of(name)}`;
    const disc = drawn('g', { 'data-player': name, transform: at(player) });
    disc.append(drawn('circle', { r: FIELD.radius }), label);
    return disc;
  });
  const shape = 'M0-4 1.2-1.4 4-1.2 1.9.7 2.6 3.5 0 2-2.6 3.5-1.9.7-4-1.2-1.2-1.4Z';
  field.replaceChildren(drawn('path', { d: shape, transform: at(star) }), ...discs);
}

const at = ({ x, y }: Point) => `translate(${x.toFixed(1)} ${y.toFixed(1)})`;

function drawn(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, `${value}`);
  return element;
}
