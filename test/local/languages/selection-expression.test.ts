import { describe, expect, it } from 'vitest';
import { isReadable } from '../../../packages/local/src/languages/selection-expression.ts';

describe('isReadable', () => {
  it.each([
    '$request.body.action',
    `\${request.body['action']}`,
    `\${request.body.a}/\${request.body.b[0]}`,
    'say',
    '\\$default',
    `\\\${x}`,
  ])('takes %s', (expression) => {
    expect(isReadable(expression)).toBe(true);
  });

  it.each([
    `\${request.body..action}`,
    `\${request.body.items[*].kind}`,
    `\${request.body.items[?(@.kind)]}`,
    `\${request.body}`,
    '$request.body',
    '$request.header.action',
    `\${request.body.action`,
  ])('does not take %s, which has another path', (expression) => {
    expect(isReadable(expression)).toBe(false);
  });
});
