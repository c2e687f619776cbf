/** The door to secrets that outlive a runtime: a file for each, generated once. */

// biome-ignore-all lint/performance/noBarrelFile: this is a door, which other packages import.

export { keptSecret } from './secrets/secret-files.ts';
