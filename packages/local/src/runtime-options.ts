/** The options of the runtime: the app that it serves, and all that only its caller knows about the app. */

import type { BillOptions } from './bill/bill-meter.ts';
import type { Assembly } from './cloud-assembly/read-assembly.ts';
import type { StoreOptions } from './dynamodb/open-store.ts';
import type { DetailMistake } from './events/put-events.ts';
import type { FunctionsOptions } from './functions/functions.ts';
import type { Choices } from './gateway/choices.ts';
import type { QuotaOptions } from './gateway/quotas.ts';
import type { Timers } from './gateway/timers.ts';
import type { MorePages, Pages } from './site/pages.ts';
import type { StreamOptions } from './streams/event-source-mappings.ts';

export interface RuntimeOptions extends Partial<FunctionsOptions>, StoreOptions, StreamOptions {
  /** Synthesizes the app into a folder. It is called at the start and at each reload. */
  readonly assemble: (outdir: string) => Promise<Assembly>;
  /** The folder for `assemble`. @default a temporary folder, which the runtime removes when it is closed */
  readonly workFolder?: string;
  /** @default 0, which is any free port */
  readonly port?: number;
  /** The pages below `/console/`. @default one page that lists the URLs, the refused handshakes and the bill */
  readonly pages?: Pages;
  /** Pages below other paths, such as `/examples/`, which hide what an API has there. @default none */
  readonly morePages?: MorePages;
  /** The path to which a browser is led that opens the root. @default `/console/` */
  readonly home?: string;
  /** The folder that keeps generated secrets from one start to the next. @default no folder: secrets stay in memory */
  readonly secretsFolder?: string;
  /** @default the limits of API Gateway */
  readonly timers?: Partial<Timers>;
  /** Other answers than the runtime's own, in the cases in which AWS has not published its answer. */
  readonly choices?: Partial<Choices>;
  /** Throttles as AWS would: the quotas of an account, and the throttles of the stages. @default nothing is throttled */
  readonly quotas?: QuotaOptions | undefined;
  /** Whether rules with a rate fire. A test that invokes their functions itself says `false`. @default true */
  readonly firesSchedules?: boolean;
  /** How the bill is metered. Tests fix its clock and the durations of functions. */
  readonly billing?: BillOptions;
  /** Refuses the `Detail` of an event that EventBridge would take. @default no event is refused */
  readonly detailMistake?: DetailMistake;
  /** Starts although the template has parts that the runtime does not serve, and leaves these out. @default false */
  readonly ignoreUnsupported?: boolean;
  /** Gets a sentence about everything that is left out or lost. */
  readonly onNote?: (sentence: string) => void;
  /** Gets the name of each slow step when it begins, such as `Starting DynamoDB`. */
  readonly onStep?: (step: string) => void;
}
