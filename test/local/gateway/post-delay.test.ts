import { describe, expect, it } from 'vitest';
import { tellsConnectionId } from '../../fixtures/functions.ts';
import { Client } from '../client.ts';
import { managed } from '../managed.ts';
import { serveRoutes } from '../serve-routes.ts';

const numbers = Array.from({ length: 20 }, (_, number) => number);

async function posting(choices: { readonly shufflePosts?: number }) {
  const { url, http } = await serveRoutes(
    { $default: { source: tellsConnectionId, replies: true } },
    { choices },
  );
  const client = await Client.open(url);
  client.send('who am I?');
  const resource = `${http}/@connections/${encodeURIComponent(await client.nextText())}`;
  const post = (number: number) => managed(resource, { method: 'POST', body: String(number) });
  const received = async () => {
    const all: unknown[] = [];
    for (const _ of numbers) all.push(await client.next());
    return all;
  };
  return { post, received };
}

describe('posts to one connection that are shuffled', () => {
  it('overtake each other when they are under way at the same time (OR-3)', async () => {
    const { post, received } = await posting({ shufflePosts: 7 });

    await Promise.all(numbers.map(post));

    const all = await received();
    expect(all).not.toEqual(numbers);
    expect(all.toSorted((one, other) => Number(one) - Number(other))).toEqual(numbers);
  });

  it('stay in order when each waits for the one before it (OR-3)', async () => {
    const { post, received } = await posting({ shufflePosts: 7 });

    for (const number of numbers) await post(number);

    expect(await received()).toEqual(numbers);
  });
});
