/**
 * Evaluates metric math, as far as our alarms use it: arithmetic, `>=`, `IF`, `FILL`, `SUM`, `MAX` and `METRICS()`. A value is the data
 * point of one period, `undefined` if it is missing.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */

export type Point = number | undefined;

type Value = Point | readonly Point[];

/** @throws Error for an expression that it cannot read. */
export function evaluateMath(expression: string, metrics: ReadonlyMap<string, Point>): Point {
  const tokens = expression.match(/\d+(?:\.\d+)?|\w+|>=|[-+*/(),]|[^\s]/g) ?? [];
  const parser = new Parser(tokens, metrics);
  const value = parser.comparison();
  parser.end();
  if (isList(value)) throw new Error(`${expression} has several values`);
  return value;
}

type Operator = (one: number, other: number) => number;

const sums: Readonly<Record<string, Operator>> = { '+': (a, b) => a + b, '-': (a, b) => a - b };
const products: Readonly<Record<string, Operator>> = { '*': (a, b) => a * b, '/': (a, b) => a / b };
const comparisons: Readonly<Record<string, Operator>> = { '>=': (a, b) => (a >= b ? 1 : 0) };

const functions: Readonly<Record<string, (given: readonly Value[]) => Value>> = {
  IF: ([condition, then, otherwise]) =>
    condition === undefined ? undefined : condition === 0 ? otherwise : then,
  FILL: ([value, filling]) => {
    const fill = (point: Point) => point ?? single(filling);
    return isList(value) ? value.map(fill) : fill(value);
  },
  // Of several series: of the points that there are.
  SUM: ([value]) => folded(present(value), (points) => points.reduce((sum, point) => sum + point, 0)),
  MAX: ([value]) => folded(present(value), (points) => Math.max(...points)),
};

class Parser {
  private readonly tokens: string[];
  private readonly metrics: ReadonlyMap<string, Point>;

  constructor(tokens: readonly string[], metrics: ReadonlyMap<string, Point>) {
    this.tokens = [...tokens];
    this.metrics = metrics;
  }

  comparison(): Value {
    return this.chain(comparisons, () => this.chain(sums, () => this.chain(products, () => this.factor())));
  }

  end(): void {
    if (this.tokens.length > 0) throw new Error(`${this.tokens.join(' ')} is too much`);
  }

  private chain(operators: Readonly<Record<string, Operator>>, part: () => Value): Value {
    let value = part();
    for (;;) {
      const operator = operators[this.tokens[0] ?? ''];
      if (!operator) return value;
      this.tokens.shift();
      const [one, other] = [single(value), single(part())];
      value = one === undefined || other === undefined ? undefined : operator(one, other);
    }
  }

  private factor(): Value {
    const token = this.tokens.shift() ?? '';
    if (token === '(') {
      const inner = this.comparison();
      this.expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return Number(token);
    if (this.tokens[0] === '(') return this.call(token);
    if (!this.metrics.has(token)) throw new Error(`There is no metric ${token}`);
    return this.metrics.get(token);
  }

  private call(name: string): Value {
    const given: Value[] = [];
    this.expect('(');
    while (this.tokens[0] !== ')') {
      given.push(this.comparison());
      if (this.tokens[0] === ',') this.tokens.shift();
    }
    this.expect(')');
    if (name === 'METRICS') return [...this.metrics.values()];
    const run = functions[name];
    if (!run) throw new Error(`There is no function ${name}`);
    return run(given);
  }

  private expect(token: string): void {
    const found = this.tokens.shift();
    if (found !== token) throw new Error(`${token} is expected, and not ${found}`);
  }
}

function isList(value: Value): value is readonly Point[] {
  return Array.isArray(value);
}

function single(value: Value): Point {
  if (isList(value)) throw new Error('One value is expected');
  return value;
}

function present(value: Value): readonly number[] {
  return [value].flat().filter((point) => point !== undefined);
}

function folded(points: readonly number[], fold: (points: readonly number[]) => number): Point {
  return points.length === 0 ? undefined : fold(points);
}
