/** Another system, which knows nothing of Fanfare: it takes signed webhooks about orders, and packs each order once. */

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { isGenuine } from '../webhooks/signature.ts';
import { type Endpoint, webhookUrl } from '../webhooks/webhook.ts';

const order = v.object({ data: v.object({ user: v.string(), what: v.string() }) });

/**
 * @param pack Called once for each order. The warehouse answers the webhook after it.
 * @returns where webhooks go, and the secret that signs them
 */
export async function startWarehouse(
  pack: (user: string, what: string) => Promise<unknown>,
  signal: AbortSignal,
): Promise<Endpoint> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const packed = new Set<string>();

  /** @returns the status of the answer */
  async function take(request: IncomingMessage): Promise<number> {
    const body = await text(request);
    // Before the body is parsed: until now the sender is unknown.
    if (!isGenuine(secret, request.headers, body, Date.now())) return 401;
    // A webhook that comes again has the same id.
    const id = String(request.headers['webhook-id']);
    if (packed.has(id)) return 204;
    const { user, what } = v.parse(order, JSON.parse(body)).data;
    packed.add(id);
    try {
      await pack(user, what);
      return 204;
    } catch {
      packed.delete(id);
      return 503;
    }
  }

  const server = createServer(async (request, response) => {
    const status = await take(request).catch(() => 500);
    response.writeHead(status).end();
  });
  signal.addEventListener('abort', () => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: v.parse(webhookUrl, `http://127.0.0.1:${port}/orders`), secret };
}
