/** The names by which code of this repository imports the root package and its configuration, with their source files. */

/** Bundles and packages replace the configuration by that of the app. */
export const rootDoors: ReadonlyMap<string, string> = new Map([
  ['fanfare', 'lib/index.ts'],
  ['fanfare/config', 'lambdas/own-logic/config.ts'],
  ['fanfare-config', 'fanfare.config.ts'],
]);
