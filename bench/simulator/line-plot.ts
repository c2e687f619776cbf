/** Curves with logarithmic axes, as an SVG that is readable in light and dark. */

export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly isDashed?: boolean;
}

export interface PlotLabels {
  readonly title: string;
  readonly x: string;
  readonly y: string;
}

const WIDTH = 720;
const HEIGHT = 452;
const AREA = { left: 56, right: 560, top: 60, bottom: 404 };

/** Between two names at the curves' ends. */
const LINE_HEIGHT = 17;

const COLOURS = ['#c2410c', '#2563eb', '#0d9488', '#9333ea', '#6e7781'];

const STYLE =
  'text{font:14px sans-serif;fill:#57606a}.title{font-weight:600}.tick{font-size:12px}' +
  '.grid{stroke:#8c959f;stroke-opacity:.3}polyline{fill:none;stroke-width:2}.dashed{stroke-dasharray:5 4}';

type Scale = (value: number) => number;

export function logLogPlot(curves: readonly Curve[], { title, x, y }: PlotLabels): string {
  const xs = decadesOf(curves.flatMap(({ points }) => points.map(([value]) => value)));
  const ys = decadesOf(curves.flatMap(({ points }) => points.map(([, value]) => value)));
  const scaleX = logScale(xs, AREA.left, AREA.right);
  const scaleY = logScale(ys, AREA.bottom, AREA.top);
  const parts = [
    `<title>${title}</title><style>${STYLE}</style>`,
    `<text class="title" x="8" y="22">${title}</text>`,
    ...xs.map((value) => verticalLine(scaleX(value), value)),
    ...ys.map((value) => horizontalLine(scaleY(value), value)),
    `<text x="${AREA.right}" y="${AREA.bottom + 38}" text-anchor="end">${x}</text>`,
    `<text class="tick" x="8" y="${AREA.top - 16}">${y}</text>`,
    ...curves.map((curve, index) => line(curve, colour(index), scaleX, scaleY)),
    ...namesOf(curves, scaleY),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}">${parts.join('')}</svg>\n`;
}

/** The powers of ten that the values lie between. */
function decadesOf(values: readonly number[]): readonly number[] {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.ceil(Math.log10(Math.max(...values)));
  return Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
}

function logScale(decades: readonly number[], start: number, end: number): Scale {
  const first = Math.log10(decades.at(0) ?? 1);
  const last = Math.log10(decades.at(-1) ?? 1);
  return (value) => start + ((Math.log10(value) - first) / (last - first || 1)) * (end - start);
}

function verticalLine(at: number, value: number): string {
  const label = `<text class="tick" x="${at.toFixed(1)}" y="${AREA.bottom + 18}" text-anchor="middle">${shown(value)}</text>`;
  return `<path class="grid" d="M${at.toFixed(1)} ${AREA.top}V${AREA.bottom}"/>${label}`;
}

function horizontalLine(at: number, value: number): string {
  const label = `<text class="tick" x="${AREA.left - 6}" y="${(at + 4).toFixed(1)}" text-anchor="end">${shown(value)}</text>`;
  return `<path class="grid" d="M${AREA.left} ${at.toFixed(1)}H${AREA.right}"/>${label}`;
}

/** Without the last digits of a computer's tenths. */
function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 1 });
}

function line({ points, isDashed }: Curve, stroke: string, scaleX: Scale, scaleY: Scale): string {
  const path = points.map(([x, y]) => `${scaleX(x).toFixed(1)},${scaleY(y).toFixed(1)}`).join(' ');
  return `<polyline${isDashed ? ' class="dashed"' : ''} stroke="${stroke}" points="${path}"/>`;
}

/** Each curve's name where it ends, moved down where two would overlap. */
function namesOf(curves: readonly Curve[], scaleY: Scale): readonly string[] {
  const ends = curves.map(({ name, points }, index) => ({
    name,
    fill: colour(index),
    at: scaleY(points.at(-1)?.[1] ?? 1),
  }));
  let free = AREA.top;
  return ends
    .toSorted((one, other) => one.at - other.at)
    .map(({ name, fill, at }) => {
      const y = Math.max(free, at);
      free = y + LINE_HEIGHT;
      return `<text x="${AREA.right + 8}" y="${(y + 5).toFixed(1)}" style="fill:${fill}">${name}</text>`;
    });
}

function colour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? '#57606a';
}
