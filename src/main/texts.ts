/** The texts of the shell, in the locale that the pages have too. */
import { app } from 'electron';
import { textsIn } from '../contract/texts.ts';
import { en } from './en.ts';

/** The locale that is shown; a start asks for another by `--locale=en-XA`, the pseudo-locale. */
export function locale(): string {
  const asked = process.argv
    .map((argument) => /^--locale=([A-Za-z]{2}(?:-[A-Za-z]{2})?)$/.exec(argument)?.[1])
    .find(Boolean);
  return asked ?? app.getLocale();
}

/** The name of a text; where there is one for one thing and one for several, without what tells them apart. */
type Name<Key> = Key extends `${infer Start}_${'one' | 'other'}` ? Start : Key;

/** A text of the shell by its name, with values put in. */
export type ShellText = (
  name: Name<keyof typeof en>,
  values?: Readonly<Record<string, string | number>>,
) => string;

/** The texts of the shell. To be called once the application is ready: the system's locale is not known before. */
export async function shellTexts(): Promise<ShellText> {
  const texts = await textsIn(locale(), en);
  return (name, values = {}) => texts.t(name, values);
}
