/** The two charts of the console: messages per second, and their latency. */

import { BarChart } from './bar-chart.js';
import { find, part } from './elements.js';
import { SECONDS } from './throughput.js';

/**
 * @param {import('./throughput.js').Throughput} throughput
 * @param {import('./latency.js').Latency} latency
 * @returns A function that draws them anew.
 */
export function makeCharts(throughput, latency) {
  const rateChart = chartIn('rate', SECONDS);
  const latencyChart = chartIn('latency', latency.figures.bars.length);

  function drawRate() {
    const { rate, total, perSecond } = throughput;
    rateChart.draw(perSecond, `Messages per second in the last minute, ${rate} in the last second`);
    setText('rate-figure', `${rate} a second, ${total} in all`);
  }

  function drawLatency() {
    const { count, median, p99, bars } = latency.figures;
    const sentence =
      median === undefined || p99 === undefined
        ? 'no message of this page yet'
        : `median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${count} messages`;
    latencyChart.draw(
      bars.map((bar) => bar.count),
      `From publish to delivery: ${sentence}`,
    );
    setText('latency-figure', sentence);
  }

  return () => {
    drawRate();
    drawLatency();
  };
}

/**
 * @param {string} id
 * @param {number} bars
 */
function chartIn(id, bars) {
  return new BarChart(part(find(id, HTMLElement), 'svg', SVGElement), bars);
}

/**
 * @param {string} id
 * @param {string} text
 */
function setText(id, text) {
  find(id, HTMLElement).textContent = text;
}
