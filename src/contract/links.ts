/**
 * `countersign:` links and files that the system hands over. They open a view and nothing else: never do they sign, send,
 * import or unlock.
 */

/** A link that is longer names nothing that we show. */
const longestLink = 8192;

const views = [
  'home',
  'notarize',
  'records',
  'check',
  'contacts',
  'explorer',
  'channels',
  'sync',
  'settings',
] as const;

/** Views of the explorer, of whichever ledger is shown or of one that is named. */
const explorerView =
  /^explorer(?:\/[0-9a-f]{64})?\/(?:messages|blocks|verify|block\/(?:0|[1-9][0-9]{0,14})|(?:message|key|tag|file)\/[0-9a-f]{64})$/;

/**
 * The view that a link names, as the window knows views: `home`, `records`, `records/<id>`, `card/<link>`,
 * `contacts/add/<link>`, `explorer/<ledger>/block/<height>`; undefined when it names none.
 */
export function viewOfLink(link: string): string | undefined {
  if (link.length > longestLink || !/^countersign:[\x21-\x7e]+$/.test(link)) return undefined;
  const rest = link.slice('countersign:'.length).replace(/^\/\//, '').replace(/\/$/, '');
  const view = views.find((name) => rest === name);
  if (view !== undefined) return view;
  const record = /^record\/([0-9a-f]{64})$/.exec(rest);
  if (record !== null) return `records/${record[1] ?? ''}`;
  if (explorerView.test(rest)) return rest;
  // A contact's card: it is put into the form; the person looks at it.
  if (/^contact\/[A-Za-z0-9_-]+$/.test(rest)) return `contacts/add/countersign:${rest}`;
  // A ledger's card: it is shown, with what it would change; the person decides.
  return /^ledger[:/?]/.test(rest) ? `card/${link}` : undefined;
}
