/**
 * What pages may do: where they come from, and the content security policy that they are served with. Nothing is loaded
 * from a network by a page; everything goes through the router.
 */
import type { WindowKind } from '../contract/channel.ts';

/** The scheme under which the pages of the application are served. */
export const scheme = 'app';

/** The origin of the pages of a window. */
export function originOf(kind: WindowKind): string {
  return `${scheme}://${kind}`;
}

/** The page of a window. */
export function pageOf(kind: WindowKind): string {
  return `${originOf(kind)}/index.html`;
}

/** Which window a page belongs to, by its address. */
export function kindOfUrl(url: string): WindowKind | undefined {
  return (['main', 'secret'] as const).find(
    (kind) => url === originOf(kind) || url.startsWith(`${originOf(kind)}/`),
  );
}

/** By directive. Workers, connections and images of blobs serve the display of documents. */
const directives: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'font-src': "'self'",
  'img-src': "'self' blob:",
  'worker-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'frame-src': "'none'",
  'object-src': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
};

export const contentSecurityPolicy = Object.entries(directives)
  .map(([name, value]) => `${name} ${value}`)
  .join('; ');

/** The headers of everything that is served to a page. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** How every window is made: nothing of Node, a world of its own for the preload, the sandbox, no way out. */
export const webPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  enableBlinkFeatures: '',
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
  safeDialogs: true,
} as const;
