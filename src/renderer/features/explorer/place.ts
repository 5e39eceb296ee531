/** Where in the explorer one is: what stands behind its name in a link. */

/** What narrows the list of messages; every member must fit. */
export interface Filter {
  readonly key?: string;
  readonly type?: string;
  readonly tag?: string;
  /** The beginning of the id. */
  readonly id?: string;
  /** The plain hash of a document, by which its records are found. */
  readonly file?: string;
}

export type ExplorerPlace =
  | { readonly tab: 'messages'; readonly filter: Filter }
  | { readonly tab: 'blocks'; readonly height?: number }
  | { readonly tab: 'verify' }
  | { readonly tab: 'message'; readonly id: string };

/** A place, and the ledger that a link names. */
export interface Named {
  readonly ledger?: string;
  /** What is looked up. */
  readonly find?: string;
  readonly place: ExplorerPlace;
}

const hash = /^[0-9a-f]{64}$/;

function placeOf(first = '', second = ''): ExplorerPlace {
  if (first === 'block' && /^\d{1,15}$/.test(second)) return { tab: 'blocks', height: Number(second) };
  if (first === 'message' && hash.test(second)) return { tab: 'message', id: second };
  if ((first === 'key' || first === 'tag' || first === 'file') && hash.test(second))
    return { tab: 'messages', filter: { [first]: second } };
  return first === 'blocks' || first === 'verify' ? { tab: first } : { tab: 'messages', filter: {} };
}

/** Reads what stands behind `explorer/`. What names nothing is the list of messages. */
export function readPlace(rest: string): Named {
  const [first = '', ...more] = rest.split('/');
  if (first === 'find') return { find: more.join('/'), place: placeOf() };
  return hash.test(first) ? { ledger: first, place: placeOf(...more) } : { place: placeOf(first, ...more) };
}
