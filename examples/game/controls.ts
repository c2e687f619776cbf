/** Which way the player wants to go, by the arrow keys or by a finger on the field. */

import type { Point } from './interpolation.ts';

const ways = new Map<string, Point>([
  ['ArrowLeft', { x: -1, y: 0 }],
  ['ArrowRight', { x: 1, y: 0 }],
  ['ArrowUp', { x: 0, y: -1 }],
  ['ArrowDown', { x: 0, y: 1 }],
]);

/** @returns the way from a place: a vector of length 1, or of length 0 to stay there. */
export function controlsOf(field: SVGSVGElement): (place: Point) => Point {
  const held = new Map<string, Point>();
  let finger: Point | undefined;

  addEventListener('keydown', (event) => {
    const way = ways.get(event.key);
    if (!way) return;
    held.set(event.key, way);
    // Otherwise the page scrolls.
    event.preventDefault();
  });
  addEventListener('keyup', ({ key }) => held.delete(key));
  addEventListener('blur', () => held.clear());
  for (const name of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'] as const)
    field.addEventListener(name, ({ clientX, clientY, buttons }) => {
      const toField = field.getScreenCTM()?.inverse();
      finger = buttons > 0 ? new DOMPoint(clientX, clientY).matrixTransform(toField) : undefined;
    });

  return ({ x, y }) => {
    const towards = finger ? [{ x: finger.x - x, y: finger.y - y }] : [...held.values()];
    const sum = { x: 0, y: 0 };
    for (const way of towards) {
      sum.x += way.x;
      sum.y += way.y;
    }
    const length = Math.hypot(sum.x, sum.y);
    return length < 1 ? { x: 0, y: 0 } : { x: sum.x / length, y: sum.y / length };
  };
}
