import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { writeTogether } from '../../../packages/local/src/gateway/write-together.ts';

/** A stream, and its writes, one entry each. */
function stream() {
  const written: string[] = [];
  const one = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk));
      done();
    },
    writev: (chunks, done) => {
      written.push(chunks.map(({ chunk }) => String(chunk)).join(''));
      done();
    },
  });
  return { one, written };
}

describe('writes in one turn of the event loop', () => {
  it('leave at the end of the turn as one piece, in order', async () => {
    const { one, written } = stream();
    for (const text of ['a', 'b', 'c']) {
      writeTogether(one);
      one.write(text);
    }
    expect(written).toEqual([]);

    await nextTurn();

    expect(written).toEqual(['abc']);
  });

  it('do not delay writes of later turns', async () => {
    const { one, written } = stream();
    writeTogether(one);
    one.write('a');
    await nextTurn();

    one.write('b');

    expect(written).toEqual(['a', 'b']);
  });

  it('stay apart for different streams', async () => {
    const [first, second] = [stream(), stream()];
    for (const { one } of [first, second]) {
      writeTogether(one);
      one.write('a');
    }

    await nextTurn();

    expect([first.written, second.written]).toEqual([['a'], ['a']]);
  });

  it('to a destroyed stream are lost, and writes to other streams are not', async () => {
    const [ended, other] = [stream(), stream()];
    for (const { one } of [ended, other]) {
      writeTogether(one);
      one.write('a');
    }
    ended.one.destroy();

    await nextTurn();

    expect([ended.written, other.written]).toEqual([[], ['a']]);
  });
});
