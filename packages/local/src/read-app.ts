/** Reads an app and checks it completely before it is served, because its old version may run at the same time. */

import type { Assembly } from './cloud-assembly/read-assembly.ts';
import { receiversOf } from './events/event-buses.ts';
import { type CodeFolder, codeFolders } from './functions/code-folders.ts';
import { handlerFile } from './functions/functions.ts';
import { functionGrants } from './permissions/function-grants.ts';
import { Permissions } from './permissions/permissions.ts';
import { refuseUnreadableStreams } from './permissions/readable-streams.ts';
import { type AppModel, readAppModel } from './template/app-model.ts';
import { refuse } from './template/unsupported.ts';

export interface App {
  readonly model: AppModel;
  readonly permissions: Permissions;
  /** A sentence about each permission that cannot be decided here. */
  readonly notes: readonly string[];
  readonly codeFolder: CodeFolder;
}

interface Reading {
  /** Leaves out the parts of the template that the runtime does not serve. @default false */
  readonly ignoreUnsupported?: boolean;
  readonly onNote?: (sentence: string) => void;
}

/** @throws StartError that names what cannot be served. */
export async function readApp(
  assembly: Assembly,
  outdir: string,
  { ignoreUnsupported = false, onNote = () => {} }: Reading,
): Promise<App> {
  const model = readAppModel(assembly.template, ignoreUnsupported ? onNote : refuse);
  const { grants, notes } = functionGrants(assembly.template);
  const permissions = new Permissions(grants, onNote);
  refuseUnreadableStreams(model.eventSources, permissions);
  const codeFolder = await codeFolders(model.inlineSources, assembly.codeFolder, outdir);
  receiversOf(model.eventBuses);
  for (const each of model.functions) handlerFile(each, codeFolder(each.s3Key));
  return { model, permissions, notes, codeFolder };
}
