/** An endpoint in a process of its own, as a benchmark holds it. */

import { nextMessage, start } from '../child.ts';
import { type Behaviour, type Listening, listening, type Report, report } from './endpoint-messages.ts';

export interface Endpoint extends Listening {
  /** The requests that it has counted so far. */
  report(): Promise<Report>;
  close(): void;
}

export async function startEndpoint(behaviour: Behaviour): Promise<Endpoint> {
  const child = start(new URL('./endpoint.ts', import.meta.url), behaviour);
  const address = await nextMessage(child, listening);
  return {
    ...address,
    report() {
      const answer = nextMessage(child, report);
      child.send({});
      return answer;
    },
    close: () => child.disconnect(),
  };
}
