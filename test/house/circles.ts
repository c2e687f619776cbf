/** Circles of a directed graph: groups of nodes of which each reaches each, by Tarjan's algorithm. */

export type Edges = ReadonlyMap<string, Iterable<string>>;

/** @returns the strongly connected components, each after those that it leads to */
export function components(edges: Edges): string[][] {
  const found: string[][] = [];
  const indexes = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();

  function visit(node: string): number {
    const index = indexes.size;
    indexes.set(node, index);
    open.push(node);
    isOpen.add(node);
    let low = index;
    for (const next of edges.get(node) ?? []) {
      const known = indexes.get(next);
      if (known === undefined) low = Math.min(low, visit(next));
      else if (isOpen.has(next)) low = Math.min(low, known);
    }
    if (low === index) close(node);
    return low;
  }

  function close(root: string): void {
    const component = open.splice(open.lastIndexOf(root));
    for (const node of component) isOpen.delete(node);
    found.push(component.sort());
  }

  for (const node of edges.keys()) if (!indexes.has(node)) visit(node);
  return found;
}

/** @returns components of several nodes, and nodes that lead to themselves */
export function circles(edges: Edges): string[][] {
  return components(edges).filter(
    ([first, second]) =>
      first !== undefined && (second !== undefined || [...(edges.get(first) ?? [])].includes(first)),
  );
}
