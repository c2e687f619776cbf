/** The door to what a CDK app writes: an app is run, and its template and code are read. It loads no runtime. */

// biome-ignore-all lint/performance/noBarrelFile: this is a door, which other packages import.

export { type AppSource, assembleApp } from './cloud-assembly/assemble.ts';
export { type Assembly, readAssembly } from './cloud-assembly/read-assembly.ts';
export { StartError } from './start-error.ts';
