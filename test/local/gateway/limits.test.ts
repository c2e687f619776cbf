import { describe, expect, it } from 'vitest';
import { does } from '../../fixtures/functions.ts';
import { Client } from '../client.ts';
import { serveRoutes } from '../serve-routes.ts';

const FRAME = 32_768;

const measures = {
  $default: { source: does('return { statusCode: 200, body: String(event.body.length) };'), replies: true },
};

async function connected(): Promise<Client> {
  const { url } = await serveRoutes(measures);
  return Client.open(url);
}

/** Sends one message in frames of these sizes. */
function sendFrames({ socket }: Client, sizes: readonly number[]): void {
  for (const [index, size] of sizes.entries())
    socket.send('x'.repeat(size), { fin: index === sizes.length - 1 });
}

describe('the limits', () => {
  it('let a frame of exactly 32 KB pass (LM-4)', async () => {
    const client = await connected();
    sendFrames(client, [FRAME]);

    expect(await client.next()).toBe(FRAME);
  });

  it('close on a frame of one byte more with 1009 (LM-4)', async () => {
    const client = await connected();
    sendFrames(client, [FRAME + 1]);

    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('let a message of exactly 128 KB pass, in frames of 32 KB (LM-4)', async () => {
    const client = await connected();
    sendFrames(client, [FRAME, FRAME, FRAME, FRAME]);

    expect(await client.next()).toBe(4 * FRAME);
  });

  it('close on a message of one byte more with 1009 (LM-4)', async () => {
    const client = await connected();
    sendFrames(client, [FRAME, FRAME, FRAME, FRAME, 1]);

    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('count bytes, not characters (LM-5)', async () => {
    const client = await connected();
    client.send('ä'.repeat(FRAME / 2));
    const fits = await client.next();
    client.send(`${'ä'.repeat(FRAME / 2)}x`);

    expect(fits).toBe(FRAME / 2);
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('hold for each message by itself', async () => {
    const client = await connected();
    for (let sent = 0; sent < 5; sent++) client.send('x'.repeat(FRAME));

    const lengths = await Promise.all(Array.from({ length: 5 }, () => client.next()));

    expect(lengths).toEqual(Array.from({ length: 5 }, () => FRAME));
  });

  it('keep a message that is too big from every function', async () => {
    const { url, output } = await serveRoutes({
      $default: does("console.log('message');"),
      $disconnect: does("console.log('disconnect');"),
    });
    const client = await Client.open(url);
    sendFrames(client, [FRAME + 1]);

    expect(await output.next()).toBe('disconnect');
  });
});
