/** A bar chart in an SVG. It redraws without new elements. Its text is also its accessible name. */

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 100;
const GAP = 0.15;

export class BarChart {
  #svg;
  /** @type {SVGRectElement[]} */
  #bars;

  /**
   * @param {Element} svg
   * @param {number} count
   */
  constructor(svg, count) {
    this.#svg = svg;
    svg.setAttribute('viewBox', `0 0 ${count} ${HEIGHT}`);
    svg.setAttribute('preserveAspectRatio', 'none');
    this.#bars = Array.from({ length: count }, (_, index) => {
      const bar = document.createElementNS(SVG, 'rect');
      bar.setAttribute('x', String(index + GAP / 2));
      bar.setAttribute('width', String(1 - GAP));
      svg.append(bar);
      return bar;
    });
  }

  /**
   * @param {readonly number[]} values
   * @param {string} sentence
   */
  draw(values, sentence) {
    const highest = Math.max(1, ...values);
    this.#bars.forEach((bar, index) => {
      const height = (HEIGHT * (values[index] ?? 0)) / highest;
      bar.setAttribute('height', String(height));
      bar.setAttribute('y', String(HEIGHT - height));
    });
    this.#svg.setAttribute('aria-label', sentence);
  }
}
