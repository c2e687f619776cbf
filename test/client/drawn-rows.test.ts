/** A page that draws a row before the server has its message, and replaces it by the message that arrives. */

import { describe, expect, it } from 'vitest';
import { connected } from './connected.ts';
import { SILENCE } from './fake-server.ts';

interface Said {
  readonly id: string;
  readonly text: string;
}

/** How often each row was replaced, by its id. */
async function page() {
  const setup = await connected();
  const chat = setup.connection.channel<Said>('open:x');
  const drawn = new Set<string>();
  const replaced: string[] = [];
  await chat.subscribe(({ data }) => {
    if (drawn.delete(data.id)) replaced.push(data.id);
  }).ready;
  const say = (id: string) => {
    drawn.add(id);
    return chat.publish({ id, text: 'hello' }, { key: id });
  };
  return { ...setup, drawn, replaced, say };
}

describe('a drawn row is replaced once', () => {
  it('when its message arrives before the reply, after it, or in a batch', async () => {
    const { drawn, replaced, say } = await page();

    await Promise.all([say('a'), say('b')]);
    await say('c');

    expect(replaced).toEqual(['a', 'b', 'c']);
    expect(drawn.size).toBe(0);
  });

  it('when the reply is lost, and the publish is repeated on the next connection', async () => {
    const { server, clock, replaced, say } = await page();
    server.lostReplies = 1;

    const said = say('a');
    await clock.pass(1_000);
    server.socket.cut();
    await clock.pass(60_000);

    expect(await said).toEqual({ seq: 101 });
    expect(replaced).toEqual(['a']);
  });

  it('when another user copies the id', async () => {
    const { server, replaced, say } = await page();
    await say('a');

    server.say('open:x', { id: 'a', text: 'copied' });

    expect(replaced).toEqual(['a']);
  });

  it('when the first attempt never reached the server', async () => {
    const { server, clock, replaced, say } = await page();
    let isFirst = true;
    server.script = ({ action }) => {
      if (action !== 'publish' || !isFirst) return undefined;
      isFirst = false;
      return SILENCE;
    };

    const said = say('a');
    await clock.pass(60_000);

    expect(await said).toEqual({ seq: 101 });
    expect(replaced).toEqual(['a']);
  });
});
