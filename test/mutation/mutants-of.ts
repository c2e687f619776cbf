/** All small mistakes that one could make in a source file: each changes one place. */

import { type Node, parseSync, Visitor } from 'oxc-parser';

export interface Mutant {
  readonly file: string;
  /** The kind of the change, such as `boundary`. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Each operator with its kind of mistake and its replacement. */
const operators = new Map<string, readonly (readonly [kind: string, becomes: string])[]>([
  ['===', [['equality', '!==']]],
  ['!==', [['equality', '===']]],
  [
    '<',
    [
      ['boundary', '<='],
      ['comparison', '>='],
    ],
  ],
  [
    '<=',
    [
      ['boundary', '<'],
      ['comparison', '>'],
    ],
  ],
  [
    '>',
    [
      ['boundary', '>='],
      ['comparison', '<='],
    ],
  ],
  [
    '>=',
    [
      ['boundary', '>'],
      ['comparison', '<'],
    ],
  ],
  ['&&', [['logic', '||']]],
  ['||', [['logic', '&&']]],
  ['+', [['arithmetic', '-']]],
  ['-', [['arithmetic', '+']]],
  ['*', [['arithmetic', '/']]],
  ['/', [['arithmetic', '*']]],
]);

export function mutantsOf(file: string, source: string): Mutant[] {
  const found: Mutant[] = [];
  /** Starts of literals that are not values: types, specifiers and names of properties. */
  const fixed = new Set<number>();
  const add = (kind: string, { start, end }: Place, replacement: string) =>
    void found.push({ file, kind, start, end, replacement });

  function operator({ left, right, operator }: Operation): void {
    const between = { start: left.end, end: right.start };
    const text = source.slice(between.start, between.end);
    for (const [kind, becomes] of operators.get(operator) ?? []) {
      if (kind === 'arithmetic' && (isText(left) || isText(right))) continue;
      add(kind, between, text.replace(operator, becomes));
    }
  }

  new Visitor({
    TSLiteralType: ({ literal }) => void fixed.add(literal.start),
    TSImportType: (node) => void fixed.add(node.source.start),
    ImportDeclaration: (node) => void fixed.add(node.source.start),
    ExportAllDeclaration: (node) => void fixed.add(node.source.start),
    ExportNamedDeclaration: (node) => void (node.source && fixed.add(node.source.start)),
    ImportExpression: (node) => void fixed.add(node.source.start),
    Property: ({ key }) => void fixed.add(key.start),
    TSPropertySignature: ({ key }) => void fixed.add(key.start),
    PropertyDefinition: ({ key }) => void fixed.add(key.start),
    BinaryExpression: operator,
    LogicalExpression: operator,
    Literal(node) {
      const replacement = fixed.has(node.start) ? undefined : changed(node.value);
      if (replacement !== undefined) add('constant', node, replacement);
    },
    ExpressionStatement(node) {
      if (isCall(node.expression)) add('statement', node, ';');
    },
    IfStatement({ test, consequent }) {
      if (isExit(consequent)) add('early exit', test, 'false');
      add('condition', test, `!(${source.slice(test.start, test.end)})`);
    },
    ConditionalExpression: ({ test }) => add('condition', test, `!(${source.slice(test.start, test.end)})`),
  }).visit(parseSync(file, source).program);
  return found;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

interface Operation {
  readonly left: Node;
  readonly right: Node;
  readonly operator: string;
}

/** Texts with spaces are for people: their words do not change the behaviour. */
function changed(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(!value);
  if (typeof value === 'number') return String(value + 1);
  if (typeof value !== 'string' || value.includes(' ')) return undefined;
  return value === '' ? "'mutant'" : "''";
}

function isText(node: Node): boolean {
  return node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string');
}

/** A call of `super` cannot be removed, because the rest would not be a valid class. */
function isCall(node: Node): boolean {
  if (node.type === 'AwaitExpression') return isCall(node.argument);
  return node.type === 'CallExpression' && node.callee.type !== 'Super';
}

function isExit(node: Node): boolean {
  const last = node.type === 'BlockStatement' ? node.body.at(-1) : node;
  return ['ReturnStatement', 'ThrowStatement', 'ContinueStatement', 'BreakStatement'].includes(
    last?.type ?? '',
  );
}

export function applied(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

/** The changed lines, as they were and as they became. */
export function diffOf(source: string, mutant: Mutant): string {
  const before = source.slice(0, mutant.start).split('\n').length;
  const firstOf = source.lastIndexOf('\n', mutant.start - 1) + 1;
  const lineEnd = source.indexOf('\n', mutant.end);
  const end = lineEnd < 0 ? source.length : lineEnd;
  const was = source.slice(firstOf, end);
  const became = source.slice(firstOf, mutant.start) + mutant.replacement + source.slice(mutant.end, end);
  const marked = (mark: string, text: string) => text.split('\n').map((line) => `${mark} ${line}`);
  return [`${mutant.file}:${before} (${mutant.kind})`, ...marked('-', was), ...marked('+', became)].join(
    '\n',
  );
}
