/** The door to the flags that each command with a runtime takes: read, explained, and made into options of the runtime. */

// biome-ignore-all lint/performance/noBarrelFile: this is a door, which other packages import.

export { FLAGS_USAGE, type Options, parseOptions } from './options.ts';
export { runtimeOptions } from './runtime-flags.ts';
