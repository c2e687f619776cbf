/**
 * Evaluates the filter patterns of CloudWatch Logs for lines of JSON: `{ ($.a = "x" || $.b = "5*") && $.c = "y" }`. Only what our filters
 * use: equality of texts, `*` as a wildcard, `&&` before `||`, and parentheses.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
 */

import { valueAt } from '../../../../lib/deploy-checks/deploy-template.ts';

export type LinePredicate = (line: unknown) => boolean;

/** @throws Error for a pattern that is not of this form. */
export function readPattern(pattern: string): LinePredicate {
  const inner = /^\{(.*)\}$/s.exec(pattern.trim())?.[1];
  if (inner === undefined) throw new Error(`${pattern} is no pattern for lines of JSON`);
  const tokens = inner.match(/"(?:[^"\\]|\\.)*"|\$\.[\w.]+|&&|\|\||[()=]|[^\s]/g) ?? [];
  const parser = new Parser(tokens);
  const predicate = parser.either();
  parser.end();
  return predicate;
}

/** The value of `$.a.b` in a line; `undefined` if the line has no such field. */
export function fieldOf(line: unknown, selector: string): unknown {
  return selector
    .slice('$.'.length)
    .split('.')
    .reduce<unknown>((value, name) => valueAt(value, name), line);
}

class Parser {
  private readonly tokens: string[];

  constructor(tokens: readonly string[]) {
    this.tokens = [...tokens];
  }

  either(): LinePredicate {
    const parts = [this.both()];
    while (this.take('||')) parts.push(this.both());
    return (line) => parts.some((part) => part(line));
  }

  end(): void {
    if (this.tokens.length > 0) throw new Error(`${this.tokens.join(' ')} is too much`);
  }

  private both(): LinePredicate {
    const parts = [this.term()];
    while (this.take('&&')) parts.push(this.term());
    return (line) => parts.every((part) => part(line));
  }

  private term(): LinePredicate {
    if (!this.take('(')) return this.comparison();
    const inner = this.either();
    if (!this.take(')')) throw new Error('A parenthesis is open');
    return inner;
  }

  private comparison(): LinePredicate {
    const selector = this.next();
    if (!selector.startsWith('$.') || !this.take('='))
      throw new Error(`${selector} is compared in no known way`);
    const wanted: unknown = JSON.parse(this.next());
    if (typeof wanted !== 'string') throw new Error(`${wanted} is no text`);
    const parts = wanted.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const whole = new RegExp(`^${parts.join('.*')}$`, 's');
    return (line) => {
      const value = fieldOf(line, selector);
      return typeof value === 'string' && whole.test(value);
    };
  }

  private take(token: string): boolean {
    if (this.tokens[0] !== token) return false;
    this.tokens.shift();
    return true;
  }

  private next(): string {
    const token = this.tokens.shift();
    if (token === undefined) throw new Error('The pattern ends too early');
    return token;
  }
}
