/**
 * Names of the files that a firehose serves beside the tiles of its block log (`docs/spec/blocks.md`, 'Files').
 * Like tiles they never change once their block is under a checkpoint.
 */
import { tilePath } from '../log/tiles.ts';

/** The digits of a height in groups of three, as in the path of a full tile: `x001/x234/567`. */
function grouped(height: number): string {
  return tilePath({ level: 0, index: height, width: 256 }).slice('tile/0/'.length);
}

/** The body of the block at `height`. */
export function bodyPath(height: number): string {
  return `body/${grouped(height)}`;
}

/** The tag index of the block at `height`: its leaves in order, each followed by its list. */
export function tagIndexPath(height: number): string {
  return `index/${grouped(height)}`;
}

/** The leaves of the roll-up of `level` that the header at `height` commits to, in order, one after the other. */
export function rollupPath(height: number, level: 1 | 2): string {
  return `rollup/${level}/${grouped(height)}`;
}

/** The directory of an order (from 1 up) of one of the files above: `pages/1/index/x001/234`. */
export function pagesPath(order: number, path: string): string {
  return `pages/${order}/${path}`;
}

/** Which file a path names, or undefined when it is none of the above. Only what they write is read. */
export function parseBlockFilePath(path: string): { readonly height: number } | undefined {
  const match = /^(?:pages\/[1-6]\/)?(body|index|rollup\/[12])\/((?:x[0-9]{3}\/){0,5}[0-9]{3})$/.exec(path);
  const [, kind = '', digits = ''] = match ?? [];
  const height = Number(digits.replace(/[x/]/g, ''));
  if (match === null || !Number.isSafeInteger(height) || !path.endsWith(`${kind}/${grouped(height)}`))
    return undefined;
  return { height };
}
