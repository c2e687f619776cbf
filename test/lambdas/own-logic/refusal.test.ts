import { describe, expect, it } from 'vitest';
import {
  isRefusal,
  refusalCodes,
  refuse,
  SENTENCE_BYTES,
  sentenceOf,
} from '../../../lambdas/own-logic/refusal.ts';

const bytes = (text: string) => Buffer.byteLength(text);

describe('a refusal', () => {
  it('has a sentence, and a code if the author names one', () => {
    expect(refuse('Too long.')).toMatchObject({ sentence: 'Too long.' });
    expect(refuse('Too long.')).not.toHaveProperty('code');
    expect(refuse('Too long.', 'too-large')).toMatchObject({ code: 'too-large' });
  });

  it('is known by its mark, which another copy of the module sets, too', () => {
    expect(isRefusal(refuse('No.'))).toBe(true);
    expect(isRefusal({ [Symbol.for('fanfare.refusal')]: true, sentence: 'No.', code: 'forbidden' })).toBe(
      true,
    );
  });

  it.each([
    [{ sentence: 'No.' }],
    [{ [Symbol.for('fanfare.refusal')]: true, sentence: 1 }],
    [{ [Symbol.for('fanfare.refusal')]: true, sentence: '' }],
    [{ [Symbol.for('fanfare.refusal')]: true, sentence: 'No.', code: 'internal' }],
    ['No.'],
    [null],
    [undefined],
  ])('is not %j', (value) => {
    expect(isRefusal(value)).toBe(false);
  });

  it('takes no code that describes the server', () => {
    expect(refusalCodes).not.toContain('internal');
    expect(refusalCodes).not.toContain('token-expired');
    expect(refusalCodes).not.toContain('busy');
  });

  it('keeps a sentence of 500 bytes, and cuts a longer one after a whole character', () => {
    expect(sentenceOf({ sentence: 'x'.repeat(SENTENCE_BYTES) })).toBe('x'.repeat(SENTENCE_BYTES));
    for (const letter of ['x', 'é', '語', '👍']) {
      const cut = sentenceOf({ sentence: letter.repeat(SENTENCE_BYTES + 1) });
      expect(bytes(cut)).toBeLessThanOrEqual(SENTENCE_BYTES);
      expect(bytes(cut)).toBeGreaterThan(SENTENCE_BYTES - 4);
      expect(cut.replaceAll(letter, '')).toBe('…');
    }
  });
});
