/** Writes the public API of each door as a committed page. A change shows in the diff, or fails `npm test`. */

import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { doorsOf, readManifest } from './manifest.ts';
import { sourceOf } from './places.ts';

/** Committed, one for each door. */
const REPORTS = path.join(sourceOf('fanfare-client'), 'api');

const COMPILER_OPTIONS = {
  target: 'es2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  lib: ['es2022', 'dom'],
  types: [],
  strict: true,
};

/**
 * @param built The package as it is published.
 * @param isWritten Whether a report that has changed is written anew.
 * @returns The doors whose report is not the committed one.
 */
export async function changedReports(built: string, isWritten: boolean): Promise<string[]> {
  const doors = doorsOf(await readManifest(sourceOf('fanfare-client')));
  await mkdir(REPORTS, { recursive: true });
  const names = [...doors.values()].map((file) => path.basename(file, '.ts'));
  const configs = names.map((name) => configOf(built, name));
  const [first] = configs;
  if (first === undefined) return [];
  // To read the platform's own types once takes longer than all reports.
  const additionalEntryPoints = configs.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
  const compilerState = CompilerState.create(first, { additionalEntryPoints });
  const changed = configs.map((config) => {
    const { apiReportChanged } = Extractor.invoke(config, {
      compilerState,
      localBuild: isWritten,
      messageCallback(message) {
        message.handled = true;
      },
    });
    return apiReportChanged;
  });
  await rm(draftsOf(built), { recursive: true });
  return names.filter((_name, index) => changed[index]);
}

const draftsOf = (built: string) => path.join(built, '.api');

function configOf(built: string, name: string): ExtractorConfig {
  return ExtractorConfig.prepare({
    packageJsonFullPath: path.join(built, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: built,
      mainEntryPointFilePath: path.join(built, `${name}.d.ts`),
      // It brings a compiler of its own, which reads the declarations that TypeScript 7 has written.
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, include: ['*.d.ts'] } },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: REPORTS,
        reportTempFolder: draftsOf(built),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } } },
    },
  });
}
