/** The door for commands of one's own: what `fanfare-local` itself does at a terminal. It loads nothing else of the package. */

// biome-ignore-all lint/performance/noBarrelFile: this is a door, which other packages import.

export { banner, type Place } from './terminal/banner.ts';
export { asksForHelp, flagMistake } from './terminal/command-flags.ts';
export { atExit, folderOfProcess, spawnGroup } from './terminal/exit-duties.ts';
export { described, sentenceOfMistake } from './terminal/mistakes.ts';
export { runProgram } from './terminal/program.ts';
export { Progress } from './terminal/progress.ts';
export { removeNow } from './terminal/remove-now.ts';
