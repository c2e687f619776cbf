import { describe, expect, it } from 'vitest';
import {
  functionArn,
  functionNameOf,
  latestVersionArn,
} from '../../../packages/local/src/template/function-arn.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:Work';

describe('functionArn', () => {
  it('is in the pretended account, with or without the version', () => {
    expect([functionArn('Work'), latestVersionArn('Work')]).toEqual([ARN, `${ARN}:$LATEST`]);
  });
});

describe('functionNameOf', () => {
  it.each([
    'Work',
    'Work:$LATEST',
    '000000000000:function:Work',
    '000000000000:function:Work:$LATEST',
    ARN,
    `${ARN}:$LATEST`,
  ])('reads the name from %s', (reference) => {
    expect(functionNameOf(reference)).toBe('Work');
  });

  it.each([
    ['region', ARN.replace('us-east-1', 'eu-west-1')],
    ['account', ARN.replace('000000000000', '111111111111')],
    ['service', 'arn:aws:sqs:us-east-1:000000000000:Work'],
  ])('leaves the ARN of another %s unchanged', (_part, reference) => {
    expect(functionNameOf(reference)).toBe(reference);
  });

  it('keeps a version that is not the latest', () => {
    expect(functionNameOf(`${ARN}:7`)).toBe('Work:7');
  });
});
