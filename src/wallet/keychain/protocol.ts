/** What the wallet and its keychain child say to each other: one JSON line each way, on the child's pipes. */

export interface KeychainRequest {
  readonly action: 'read' | 'write' | 'remove';
  readonly service: string;
  readonly account: string;
  /** Base64 of the key, for `write` only. */
  readonly secret?: string;
}

export type KeychainReply =
  | { readonly ok: true; readonly secret: string | null; readonly removed: boolean }
  | { readonly ok: false; readonly at: 'load' | 'call'; readonly message: string };
