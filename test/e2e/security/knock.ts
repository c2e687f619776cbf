/** A handshake whose outcome is not known before. */

import { Client } from '../../local/client.ts';

const REFUSED = /^Unexpected server response: (?<status>\d{3})$/;

/** The open connection, or the HTTP status with which it is refused. */
export async function knock(
  url: string,
  protocols: readonly string[] = [],
  headers: Record<string, string> = {},
): Promise<Client | number> {
  try {
    return await Client.open(url, protocols, headers);
  } catch (error) {
    const { status } = (error instanceof Error && REFUSED.exec(error.message)?.groups) || {};
    if (status === undefined) throw error;
    return Number(status);
  }
}
