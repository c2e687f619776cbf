/** Writes the public API of each door as a committed page. A change shows in the diff, or fails `npm test`. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type * as ApiExtractor from '@microsoft/api-extractor';
import type { ExtractorConfig } from '@microsoft/api-extractor';
import { writeCdkNames } from './cdk-names.ts';
import { doorsOf, readManifest } from './manifest.ts';
import { folderOf, type PublishedName, ROOT } from './places.ts';

/** A package that is built, and the folder of its committed reports. */
export interface ReportedApi {
  readonly folder: string;
  readonly reports: string;
}

export function apiOf(name: PublishedName): ReportedApi {
  const reports = name === 'fanfare' ? path.join(ROOT, 'lib/api') : path.join(folderOf(name), 'api');
  return { folder: folderOf(name), reports };
}

/**
 * What the declarations name of a platform, beside the language. All types of a page take the reporter 4 s to read, and a report has
 * only their names. The reporter throws with the name of one that is missing here.
 */
const PLATFORM = `
interface AbortSignal {}
interface URL {}
declare namespace NodeJS {
  interface ProcessEnv {}
}
`;
const PLATFORM_FILE = 'platform.d.ts';

const COMPILER_OPTIONS = {
  target: 'es2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  lib: ['es2022'],
  types: [],
  strict: true,
  skipLibCheck: true,
};

/**
 * @param isWritten Whether a report that has changed is written anew.
 * @returns The doors whose report is not the committed one.
 */
export async function changedReports(api: ReportedApi, isWritten: boolean): Promise<string[]> {
  // It takes a second to load, which a build of one package does not need.
  const extractor = await import('@microsoft/api-extractor');
  const doors = doorsOf(await readManifest(api.folder));
  const drafts = await mkdtemp(path.join(tmpdir(), 'fanfare-api-'));
  try {
    await writeFile(path.join(drafts, PLATFORM_FILE), PLATFORM);
    const paths = await writeCdkNames(path.join(api.folder, 'dist'), drafts);
    const configs = doors.map((door) => configOf(extractor, api, door, { drafts, paths }));
    const isChanged = changes(extractor, configs, isWritten);
    return doors.filter((_door, index) => isChanged[index]);
  } finally {
    await rm(drafts, { recursive: true });
  }
}

function changes(
  { CompilerState, Extractor }: typeof ApiExtractor,
  configs: readonly ExtractorConfig[],
  isWritten: boolean,
): boolean[] {
  const [first] = configs;
  if (first === undefined) return [];
  // One program for all doors: to read what they share once for each takes longer than all reports.
  const additionalEntryPoints = configs.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath);
  const compilerState = CompilerState.create(first, { additionalEntryPoints });
  return configs.map((config) => {
    const { apiReportChanged } = Extractor.invoke(config, {
      compilerState,
      localBuild: isWritten,
      messageCallback(message) {
        message.handled = true;
      },
    });
    return apiReportChanged;
  });
}

function configOf(
  { ExtractorConfig, ExtractorLogLevel }: typeof ApiExtractor,
  { folder, reports }: ReportedApi,
  door: string,
  { drafts, paths }: { readonly drafts: string; readonly paths: Readonly<Record<string, string[]>> },
): ExtractorConfig {
  return ExtractorConfig.prepare({
    packageJsonFullPath: path.join(folder, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: path.join(folder, `dist/${door}.d.ts`),
      // It brings a compiler of its own, which reads the declarations that TypeScript 7 has written.
      compiler: {
        overrideTsconfig: {
          compilerOptions: { ...COMPILER_OPTIONS, paths },
          include: ['dist/*.d.ts', path.join(drafts, PLATFORM_FILE)],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: door,
        reportFolder: reports,
        reportTempFolder: drafts,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: { extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } } },
    },
  });
}
