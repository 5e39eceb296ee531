/** What pages are kept from: leaving, opening windows, permissions, downloads, webviews. Denied unless named here. */
import { app, type Session, type WebContents } from 'electron';
import { kindOfUrl } from './policy.ts';

/** Permissions that a page is granted: none. */
const granted: readonly string[] = [];

function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  // Navigations and redirects may only stay in the page of the window itself.
  const stay = (event: { preventDefault(): void }, url: string): void => {
    const here = kindOfUrl(contents.getURL());
    if (here === undefined || kindOfUrl(url) !== here) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
}

/** Guards everything that is made from here on. To be called before the first window. */
export function guardEverything(): void {
  app.on('web-contents-created', (_event, contents) => {
    guardContents(contents);
  });
  // Bad certificates stay bad; client certificates and passwords are not given to anybody.
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
  app.on('login', (event) => {
    event.preventDefault();
  });
}

/** Guards a session: no permission, no device, no download, and no request that is not for our own pages. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback) => {
    callback(granted.includes(permission));
  });
  session.setPermissionCheckHandler((_contents, permission) => granted.includes(permission));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
  session.webRequest.onBeforeRequest((details, callback) => {
    const isOurs = kindOfUrl(details.url) !== undefined || details.url.startsWith('blob:app://');
    callback({ cancel: !isOurs });
  });
}
