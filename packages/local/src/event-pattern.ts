/** The public door to event patterns: whether EventBridge and Lambda would understand a pattern, by the matcher of the runtime. */

// biome-ignore-all lint/performance/noBarrelFile: this is a file that other packages import.

export { eventFilter, MAX_FILTERS } from './languages/event-pattern/event-filter.ts';
export { eventPattern } from './languages/event-pattern/event-pattern.ts';
export { StartError } from './start-error.ts';
