/**
 * The scripts of a page: one in the world of the page, one around the preload in a world of its own. They speak by events
 * of the window, whose contents are copied from one world to the other.
 */

/** In the world of the page: makes what `contextBridge` exposes, out of names. */
const pageWorld = `(() => {
  const waiting = new Map(), listeners = [];
  let number = 0;
  addEventListener('stand-in:expose', ({ detail: { key, names } }) => {
    const call = (name) => (...given) => new Promise((resolve, reject) => {
      const id = ++number;
      waiting.set(id, { resolve, reject });
      const values = given.map((value) =>
        typeof value === 'function' ? { listener: listeners.push(value) - 1 } : { value });
      dispatchEvent(new CustomEvent('stand-in:call', { detail: { id, key, name, values } }));
    });
    const api = Object.freeze(Object.fromEntries(names.map((name) => [name, call(name)])));
    Object.defineProperty(globalThis, key, { value: api });
  });
  addEventListener('stand-in:return', ({ detail: { id, ok, value } }) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (ok) resolve?.(value);
    else reject?.(new Error(value));
  });
  addEventListener('stand-in:tell', ({ detail: { listener, values } }) => listeners[listener]?.(...values));
})()`;

/** Around the preload: the module \`electron\` as a sandboxed preload sees it. */
const preloadWorld = (code: string): string => `(() => {
  if (globalThis !== globalThis.top) return;
  const absent = (name, members) => new Proxy(members, { get(target, key) {
    if (key in target) return target[key];
    throw new Error('NOT_IN_STAND_IN: ' + name + '.' + String(key));
  } });
  const waiting = new Map(), listeners = new Map(), files = [];
  let number = 0;
  globalThis.standInFiles = files;
  // A file that goes from world to world is a copy, and copies have no path: the ones that a person gave are kept here.
  addEventListener('change', ({ target }) => files.push(...(target.files ?? [])), true);
  addEventListener('drop', ({ dataTransfer }) => files.push(...(dataTransfer?.files ?? [])), true);
  globalThis.standInAnswer = (id, ok, value) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (ok) resolve?.(value);
    else reject?.(new Error(value));
  };
  globalThis.standInSend = (name, values) => {
    for (const listener of listeners.get(name) ?? []) listener({}, ...values);
  };
  const ipcRenderer = absent('ipcRenderer', {
    invoke: (name, ...given) => new Promise((resolve, reject) => {
      const id = ++number;
      waiting.set(id, { resolve, reject });
      standInInvoke(JSON.stringify({ id, name, given }));
    }),
    on: (name, listener) => void listeners.set(name, [...(listeners.get(name) ?? []), listener]),
  });
  const webUtils = absent('webUtils', {
    getPathForFile: (file) => {
      const isIt = (one) => ['name', 'size', 'lastModified'].every((key) => one[key] === file[key]);
      const index = files.findLastIndex(isIt);
      return index < 0 ? '' : '/stand-in-file/' + index;
    },
  });
  const contextBridge = absent('contextBridge', { exposeInMainWorld(key, api) {
    addEventListener('stand-in:call', async ({ detail }) => {
      const { id, name, values } = detail;
      if (detail.key !== key) return;
      const given = values.map((one) => 'listener' in one
        ? (...told) => dispatchEvent(new CustomEvent('stand-in:tell',
            { detail: { listener: one.listener, values: told } }))
        : one.value);
      const back = (ok, value) =>
        dispatchEvent(new CustomEvent('stand-in:return', { detail: { id, ok, value } }));
      try { back(true, await api[name](...given)); } catch (error) { back(false, String(error)); }
    });
    dispatchEvent(new CustomEvent('stand-in:expose', { detail: { key, names: Object.keys(api) } }));
  } });
  const electron = absent('electron', { ipcRenderer, webUtils, contextBridge });
  const require = (name) => {
    if (name === 'electron') return electron;
    throw new Error('NOT_IN_STAND_IN: require ' + name);
  };
  const module = { exports: {} };
  ((require, module, exports) => { ${code}
  })(require, module, module.exports);
})()`;

/** The name of the world that the preload runs in. */
export const isolatedWorld = 'preload';

export const worlds = { pageWorld, preloadWorld };
