import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../frames/capture.ts';

describe('a capture', () => {
  it.each([
    ['with spaces', '81 05 48'],
    ['without spaces', '810548'],
    ['in capitals, over several lines', ' 81\n05\t48\n'],
    ['as a list of C', '0x81, 0x05, 0x48'],
    ['as a text of Python', '\\x81\\x05\\x48'],
    ['with colons', '81:05:48'],
  ])('may be written %s', (_how, text) => {
    expect(hexOf(bytesOf(text))).toBe('81 05 48');
  });

  it.each([
    ['nothing', ' \n', 'There are no bytes. Give them as hexadecimal, such as 89 00.'],
    ['a word', '81 hello', '"hello" is not hexadecimal: a byte is two of 0-9 and a-f.'],
    ['half a byte', '81 5', '"5" has an odd number of digits, but each byte has two: write 05 and not 5.'],
  ])('of %s is refused in a sentence', (_what, text, sentence) => {
    expect(() => bytesOf(text)).toThrow(sentence);
  });
});
