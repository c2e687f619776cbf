import { describe, expect, it } from 'vitest';
import { negotiate } from '../../packages/protocol/src/subprotocol.ts';

describe('subprotocol negotiation', () => {
  it('chooses fanfare.v1 when it is offered', () => {
    expect(negotiate('fanfare.v1')).toBe('fanfare.v1');
  });

  it('chooses fanfare.v1 beside a token, in any order and spacing', () => {
    expect(negotiate('fanfare.v1, eyJhbGciOi.token')).toBe('fanfare.v1');
    expect(negotiate('other ,fanfare.v1')).toBe('fanfare.v1');
  });

  it('chooses nothing when nothing is offered', () => {
    expect(negotiate(undefined)).toBe('none');
    expect(negotiate('')).toBe('none');
  });

  it('supports no other protocol, even a similar one', () => {
    expect(negotiate('graphql-ws')).toBe('unsupported');
    expect(negotiate('fanfare.v10')).toBe('unsupported');
    expect(negotiate('Fanfare.V1')).toBe('unsupported');
  });
});
