/** Which view is shown: a name, and what stands behind it. It is kept in the address, so that a reload stays there. */
import { create } from 'zustand';

export interface Route {
  readonly view: string;
  readonly rest: string;
  /** Grows each time that a view is asked for, also for one that is shown already. */
  readonly visit: number;
}

function parse(text: string, visit: number): Route {
  const [view = '', ...rest] = text.split('/');
  return { view: view === '' ? 'home' : view, rest: rest.join('/'), visit };
}

/** What the address says; nothing where somebody wrote into it what is no text. */
function inAddress(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

export const useRoute = create<Route>(() => parse(inAddress(), 0));

/** Shows a view. @param to its name, and after a slash what it is to show. */
export function go(to: string): void {
  history.replaceState(undefined, '', `#${encodeURI(to.toWellFormed())}`);
  useRoute.setState(({ visit }) => parse(to, visit + 1));
}
