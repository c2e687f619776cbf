/** A chart of the dashboard, with its newest value in large digits. */

import uPlot from 'uplot';
import type { Measurement } from './measurement.ts';
import 'uplot/dist/uPlot.min.css';

export class Chart {
  readonly #pick: (measurement: Measurement) => number;
  readonly #newest = document.createElement('strong');
  readonly #plot: uPlot;

  constructor(title: string, pick: (measurement: Measurement) => number) {
    this.#pick = pick;
    const section = document.createElement('section');
    const heading = document.createElement('h2');
    heading.textContent = title;
    const box = document.createElement('div');
    section.append(heading, this.#newest, box);
    document.querySelector('#charts')?.append(section);
    this.#plot = new uPlot(optionsIn(box), [[], []], box);
    new ResizeObserver(() => this.#plot.setSize(sizeOf(box))).observe(box);
  }

  show(points: readonly Measurement[]): void {
    this.#plot.setData([points.map(({ at }) => at / 1_000), points.map(this.#pick)]);
    this.#newest.textContent = String(points.map(this.#pick).at(-1) ?? '–');
  }
}

/**
 * A canvas knows no variables of CSS. The style sheet gives the box each colour in a property that the box does not use, and the
 * browser resolves it, anew when the system turns dark.
 */
function optionsIn(box: HTMLElement): uPlot.Options {
  const style = getComputedStyle(box);
  const axis: uPlot.Axis = {
    stroke: () => style.columnRuleColor,
    grid: { stroke: () => style.borderColor, width: 1 },
    ticks: { show: false },
  };
  const time: uPlot.Axis = {
    ...axis,
    space: 80,
    size: 30,
    values: (_plot, seconds) => seconds.map((second) => clockTime.format(second * 1_000)),
  };
  return {
    ...sizeOf(box),
    legend: { show: false },
    cursor: { show: false },
    axes: [time, axis],
    scales: { y: { range: (_plot, _least, most) => [0, most * 1.1] } },
    series: [
      {},
      { stroke: () => style.color, fill: () => style.outlineColor, width: 2, points: { show: false } },
    ],
  };
}

const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hour12: false });
const sizeOf = ({ clientWidth }: HTMLElement) => ({ width: clientWidth, height: 140 });
