/** The public door: starts the runtime inside another program. */

// biome-ignore-all lint/performance/noBarrelFile: this is the one file that other packages import.

export type { Bill, BillLine, ChannelLine } from './bill/bill.ts';
export type { BillOptions } from './bill/bill-meter.ts';
export { billReport } from './bill/bill-report.ts';
export { messageUnits } from './bill/metered-units.ts';
export { PRICES_READ_ON, type Price, prices } from './bill/prices.ts';
export { type AppSource, assembleApp } from './cloud-assembly/assemble.ts';
export { type Assembly, readAssembly } from './cloud-assembly/read-assembly.ts';
export type { DetailMistake } from './events/put-events.ts';
export type { Choices } from './gateway/choices.ts';
export type { QuotaOptions } from './gateway/quotas.ts';
export type { Timers } from './gateway/timers.ts';
export { TokenBucket } from './gateway/token-bucket.ts';
export { oneAtATime } from './one-at-a-time.ts';
export { REFUSED } from './permissions/permissions.ts';
export { type Reload, type Runtime, startRuntime, type Urls } from './runtime.ts';
export type { RuntimeOptions } from './runtime-options.ts';
export { ServedApp, type ServedAppOptions } from './served-app.ts';
export { BILL_PATH } from './site/bill-api.ts';
export { localFunctionUrl } from './site/local-urls.ts';
export type { MorePages, PageFile, PageSite, Pages } from './site/pages.ts';
export { StartError } from './start-error.ts';
export { LOCAL_CREDENTIALS, REGION } from './template/account.ts';
export { parseTemplate, type Template } from './template/cloud-formation.ts';
export type { Throttle } from './template/stage-throttles.ts';
export { type Watched, type Watching, watchFolders } from './watch/watched-folders.ts';
