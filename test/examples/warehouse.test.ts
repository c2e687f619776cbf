/** The other system of `examples/notifications`, which a signed webhook tells of an order. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { startWarehouse } from '../../examples/notifications/warehouse.ts';
import { postWebhook } from '../../examples/webhooks/webhook.ts';

const order = {
  'detail-type': 'order paid',
  detail: { id: 'order-17', time: 1795355541000, user: 'ann', what: 'tea' },
};

describe('the warehouse', () => {
  const ended: AbortController[] = [];

  afterEach(() => {
    for (const one of ended.splice(0)) one.abort();
  });

  async function start() {
    const pack = vi.fn(async () => {});
    const end = new AbortController();
    ended.push(end);
    return { pack, endpoint: await startWarehouse(pack, end.signal) };
  }

  it('packs an order once, although its webhook comes twice', async () => {
    const { pack, endpoint } = await start();

    await postWebhook(endpoint, order, Date.now());
    await postWebhook(endpoint, order, Date.now());

    expect(pack.mock.calls).toEqual([['ann', 'tea']]);
  });

  it('refuses a webhook that another secret has signed', async () => {
    const { pack, endpoint } = await start();
    const forged = { ...endpoint, secret: 'whsec_Zm9yZ2Vk' };

    await expect(postWebhook(forged, order, Date.now())).rejects.toThrow('401');
    expect(pack).not.toHaveBeenCalled();
  });
});
