/** An execution environment of a function: one core, and the sockets it has open to the gateway. */

import { ContainerPace, MOST_IN_FLIGHT } from '../../lambdas/realtime/delivery/container-pace.ts';
import { Core } from './core.ts';

export class ExecutionEnvironment {
  readonly core = new Core();
  readonly pace = new ContainerPace();
  private open = 0;
  private idle = 0;

  /** Takes a socket for one post: true when it has to be opened first. */
  takeSocket(): boolean {
    if (this.idle > 0) {
      this.idle -= 1;
      return false;
    }
    if (this.open === MOST_IN_FLIGHT) throw new Error('More posts in flight than there are sockets');
    this.open += 1;
    return true;
  }

  /** Sockets stay open between invocations, because the next invocation comes within the time of keep-alive. */
  returnSocket(): void {
    this.idle += 1;
  }
}
