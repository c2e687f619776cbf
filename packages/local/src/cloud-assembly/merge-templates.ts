/** Merges the templates of stacks that refer to each other into one template. */

import type { Template } from '../template/cloud-formation.ts';
import { resolve } from '../template/intrinsics.ts';
import { referencesIn } from '../template/references.ts';
import { type Rewriting, rewrite } from './rewrite-references.ts';

export interface StackTemplate {
  readonly stackName: string;
  readonly template: Template;
}

/** The sections whose names are unique only within a stack. */
const SECTIONS = ['Parameters', 'Conditions', 'Mappings', 'Resources', 'Outputs'] as const;

/**
 * A name that several stacks use gets the name of its stack in front. An import from another stack becomes a reference.
 */
export function mergeTemplates(stacks: readonly StackTemplate[]): Template {
  const shared = sharedNames(stacks);
  const rewritten = stacks.map((stack) => rewriteStack(stack, stacks, shared));
  return {
    Parameters: Object.assign({}, ...rewritten.map(({ Parameters }) => Parameters)),
    Conditions: Object.assign({}, ...rewritten.map(({ Conditions }) => Conditions)),
    Mappings: Object.assign({}, ...rewritten.map(({ Mappings }) => Mappings)),
    Resources: Object.assign({}, ...rewritten.map(({ Resources }) => Resources)),
    Outputs: Object.assign({}, ...rewritten.map(({ Outputs }) => Outputs)),
  };
}

function sharedNames(stacks: readonly StackTemplate[]): ReadonlySet<string> {
  const names = stacks.flatMap(({ template }) => [
    ...new Set(SECTIONS.flatMap((section) => Object.keys(template[section]))),
  ]);
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}

function rewriteStack(
  stack: StackTemplate,
  stacks: readonly StackTemplate[],
  shared: ReadonlySet<string>,
): Template {
  const { template } = stack;
  const rewriting = rewritingOf(stack, stacks, shared);
  const { renamed } = rewriting;
  const section = <Entry>(entries: Readonly<Record<string, Entry>>, entryOf: (entry: Entry) => Entry) =>
    Object.fromEntries(Object.entries(entries).map(([id, entry]) => [renamed(id), entryOf(entry)]));
  const conditional = <Entry extends { readonly Condition?: string | undefined }>(entry: Entry): Entry =>
    entry.Condition === undefined ? entry : { ...entry, Condition: renamed(entry.Condition) };
  return {
    Parameters: section(template.Parameters, (parameter) => parameter),
    Conditions: section(template.Conditions, (condition) => rewrite(condition, rewriting)),
    Mappings: section(template.Mappings, (mapping) => mapping),
    Resources: section(template.Resources, (resource) =>
      conditional({ ...resource, Properties: rewrite(resource.Properties, rewriting) }),
    ),
    Outputs: section(template.Outputs, (output) =>
      conditional({ ...output, Value: rewrite(output.Value, rewriting) }),
    ),
  };
}

function rewritingOf(
  { stackName }: StackTemplate,
  stacks: readonly StackTemplate[],
  shared: ReadonlySet<string>,
): Rewriting {
  /** The expression is written with the names of the stack that exports it. */
  const outputValue = (stack: StackTemplate | undefined, outputName: string) =>
    stack && rewrite(stack.template.Outputs[outputName]?.Value, rewritingOf(stack, stacks, shared));
  return {
    stackName,
    renamed: (id) => (shared.has(id) ? `${stackName.replaceAll(/[^A-Za-z0-9]/g, '')}${id}` : id),
    imported(exportName) {
      const stack = stacks.find(({ template }) => outputExportedAs(exportName, template) !== undefined);
      return stack && outputValue(stack, outputExportedAs(exportName, stack.template) ?? '');
    },
    output: (name, outputName) =>
      outputValue(
        stacks.find((stack) => stack.stackName === name),
        outputName,
      ),
  };
}

function outputExportedAs(exportName: unknown, template: Template): string | undefined {
  const references = referencesIn(template);
  return Object.entries(template.Outputs).find(
    ([, { Export }]) => Export && resolve(Export.Name, references) === exportName,
  )?.[0];
}
