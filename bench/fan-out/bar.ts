/** A measured figure beside the demanded one. */

import { markdownTable } from '../report.ts';

export interface Bar {
  readonly figure: string;
  readonly measured: string | number;
  readonly demanded: string;
  readonly isMet: boolean;
}

export function atLeast(figure: string, least: number, measured: number): Bar {
  return { figure, measured: measured.toFixed(2), demanded: `at least ${least}`, isMet: measured >= least };
}

export function atMost(figure: string, most: number, measured: number): Bar {
  return { figure, measured: measured.toFixed(2), demanded: `at most ${most}`, isMet: measured <= most };
}

export function exactly(figure: string, wanted: number, measured: number): Bar {
  return { figure, measured, demanded: `exactly ${wanted}`, isMet: measured === wanted };
}

export function barTable(bars: readonly Bar[]): string {
  return markdownTable(
    ['figure', 'measured', 'demanded', 'bar'],
    bars.map(({ figure, measured, demanded, isMet }) => [
      figure,
      measured,
      demanded,
      isMet ? 'met' : '**missed**',
    ]),
  );
}
