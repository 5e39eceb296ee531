/** Looking at what was given, a few files at a time, so that the window follows and the person can stop it. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { CheckView } from '../../../contract/channels/check.ts';
import type { Failure } from '../../../contract/channel.ts';
import { api, failureOf, value } from '../../api.ts';
import { useText } from '../../i18n/text.ts';
import { isPicture, type NoCode, readQr } from '../../ui/read-qr.ts';

/** A picture without a code that could be read. */
export interface PictureView {
  readonly kind: 'picture';
  readonly name: string;
  readonly verdict: 'open';
  readonly finding: NoCode;
}

/** What is shown: what the desk found, and pictures in which this window found nothing. */
export type ShownView = CheckView | PictureView;

export interface Checked {
  readonly views: readonly ShownView[];
  /** Files that were not looked at because there are too many. */
  readonly more: number;
  readonly done: number;
  readonly of: number;
  readonly phase: 'none' | 'running' | 'done' | 'stopped';
  readonly failure?: Failure;
}

/** In more pictures than these nobody looks for a code. */
const mostPictures = 8;

const nothing: Checked = { views: [], more: 0, done: 0, of: 0, phase: 'none' };

/** Work of one turn. @param take adds to what is shown; false when something else was given meanwhile. */
type Turn = (take: (more: Partial<Checked>) => boolean) => Promise<void>;

/** What stands in a QR code in a picture, or why nothing was found. */
async function inPicture(file: File, name: string): Promise<readonly CheckView[] | NoCode> {
  const found = await readQr(file);
  if (typeof found === 'string') return found;
  const { views } = await value(api.checkText({ text: found.text }));
  return views.map((view) => ({ ...view, name }));
}

/** How far it is, and doing work whose result counts as long as nothing else was given. */
function useTurns() {
  const [checked, setChecked] = useState<Checked>(nothing);
  const turn = useRef(0);
  useEffect(
    () => () => {
      turn.current++;
      void api.checkStop({});
    },
    [],
  );
  const run = useCallback((work: Turn): void => {
    const own = ++turn.current;
    const take = (more: Partial<Checked>): boolean => {
      if (own !== turn.current) return false;
      const { views = [] } = more;
      setChecked((before) => ({ ...before, ...more, views: [...before.views, ...views] }));
      return true;
    };
    setChecked({ ...nothing, phase: 'running' });
    work(take).then(
      () => take({ phase: 'done' }),
      (error: unknown) => take({ phase: 'done', failure: failureOf(error) }),
    );
  }, []);
  const stop = useCallback((): void => {
    turn.current++;
    void api.checkStop({});
    setChecked((before) => ({ ...before, phase: 'stopped' }));
  }, []);
  return { checked, run, stop };
}

/** Looks at files that the desk knows by a number. @returns false when something else was given meanwhile. */
async function lookAt(chosen: number, take: (more: Partial<Checked>) => boolean): Promise<boolean> {
  for (let from = 0, isOver = false; !isOver;) {
    const page = await value(api.checkFiles({ chosen, from }));
    const { views, done, of, more } = page;
    if (!take({ views, done, of, more })) return false;
    ({ isOver } = page);
    from = done;
  }
  return true;
}

/** What is given, one thing after the other; each replaces what was given before. */
export function useCheck() {
  const t = useText();
  const { checked, run, stop } = useTurns();

  const files = useCallback(
    (given: readonly File[]): void => {
      run(async (take) => {
        const { chosen } = await value(api.offerFiles(given));
        if (!(await lookAt(chosen, take))) return;
        for (const file of given.filter(isPicture).slice(0, mostPictures)) {
          const views = await inPicture(file, t('check.inpicture', { name: file.name }));
          // A picture without a code is a document like any other.
          if (typeof views !== 'string') take({ views });
        }
      });
    },
    [run, t],
  );

  /** Pictures from the clipboard have no path: only what stands in them is looked at. */
  const pictures = useCallback(
    (given: readonly File[]): void => {
      run(async (take) => {
        for (const file of given.slice(0, mostPictures)) {
          const name = t('check.pasted.picture');
          const found = await inPicture(file, t('check.inpicture', { name }));
          const none = (finding: NoCode) => [{ kind: 'picture', name, verdict: 'open', finding } as const];
          take({ views: typeof found === 'string' ? none(found) : found });
        }
      });
    },
    [run, t],
  );

  const text = useCallback(
    (given: string): void => {
      run(async (take) => {
        const { views } = await value(api.checkText({ text: given }));
        const name = t('check.pasted');
        take({ views: views.map((view) => (view.name === '' ? { ...view, name } : view)) });
      });
    },
    [run, t],
  );

  /** Files that the system handed over: the desk has them already. */
  const handed = useCallback(
    (chosen: number): void => {
      run(async (take) => {
        await lookAt(chosen, take);
      });
    },
    [run],
  );

  return { checked, files, pictures, text, handed, stop };
}
