import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../frames/capture.ts';
import { decodeFrames } from '../../frames/decode.ts';
import { printFrames } from '../../frames/print.ts';

const printed = (capture: string) => printFrames(decodeFrames(bytesOf(capture)));

describe('a printed frame', () => {
  it('of a client has every bit, the masking key, and the text below the mask', () => {
    expect(printed('81 85 37 fa 21 3d 7f 9f 4d 51 58')).toBe(
      [
        'Frame 1: 11 bytes, masked, so a client sent it',
        '  81           1.......  FIN     the message ends here',
        '               .000....  RSV1-3  no extension is in use',
        '               ....0001  opcode  text',
        '  85           1.......  MASK    a masking key follows',
        '               .0000101  length  5, in these 7 bits',
        '  37 fa 21 3d            masking key',
        '  payload as sent: 7f 9f 4d 51 58',
        '  payload unmasked: Hello',
      ].join('\n'),
    );
  });

  it('of a message in parts says that more parts follow', () => {
    const text = printed('01 03 48 65 6c 80 02 6c 6f');

    expect(text).toContain('0.......  FIN     more parts of the message follow');
    expect(text).toContain('....0000  opcode  continuation');
    expect(text).toContain('  payload: lo');
  });

  it('of a close has the code, its meaning and the reason', () => {
    const text = printed('88 06 03 e9 69 64 6c 65');

    expect(text).toContain('  close code: 1001, going away\n  reason: idle');
    expect(printed('88 02 0f a4')).toContain('  close code: 4004, of an application\n  reason: none');
    expect(printed('88 00')).toContain('  payload: empty');
  });

  it('of binary data has the first 32 bytes, and the number of the others', () => {
    expect(printed(`82 7e 01 00 ${'ab'.repeat(256)}`)).toContain(
      [
        '.1111110  length  126: the next 2 bytes have it',
        '  01 00                  length  256, in 16 bits',
        `  payload: ${'ab '.repeat(31)}ab and 224 bytes more`,
      ].join('\n'),
    );
  });

  it('of a compressed message has the bytes, and no text', () => {
    const text = printed('c1 07 f2 48 cd c9 c9 07 00');

    expect(text).toContain('.100....  RSV1-3  RSV1: compressed');
    expect(text).toContain('payload: f2 48 cd c9 c9 07 00');
  });

  it('escapes characters that a terminal would obey', () => {
    expect(printed('81 04 1b 5b 32 4a')).toContain('  payload: \\u{1b}[2J');
  });

  it('that RFC 6455 forbids says why', () => {
    expect(printed('83 00')).toContain(
      '....0011  opcode  3, which has no name\n  00           0.......  MASK    no masking key\n',
    );
    expect(printed('83 00')).toMatch(/\n {2}not allowed: RFC 6455 keeps opcode 3 for later\.$/);
  });
});
