/** `fanfare/config`: what a `fanfare.config.ts` imports. */

// biome-ignore lint/performance/noBarrelFile: This is a public door.
export { table } from '../aws/own-table.ts';
export * from './declaration.ts';
