/** Which view is shown: a name, and what stands behind it. It is kept in the address, so that a reload stays there. */
import { create } from 'zustand';

export interface Route {
  readonly view: string;
  readonly rest: string;
}

function parse(text: string): Route {
  const [view = '', ...rest] = decodeURIComponent(text).split('/');
  return { view: view === '' ? 'home' : view, rest: rest.join('/') };
}

export const useRoute = create<Route>(() => parse(location.hash.slice(1)));

/** Shows a view. @param to its name, and after a slash what it is to show. */
export function go(to: string): void {
  history.replaceState(undefined, '', `#${encodeURI(to)}`);
  useRoute.setState(parse(to));
}
