/** The way of a hash through a tree, for the eye: nothing is verified here, the engine did that. */

export interface Step {
  readonly sibling: string;
  readonly side: 'left' | 'right';
}

/**
 * On which side each sibling of an inclusion path stands, from the leaf up, as RFC 9162 (2.1.3.2) walks it.
 * @param index of the leaf. @param of how many leaves there are.
 */
export function stepsOf(index: number, of: number, path: readonly string[]): readonly Step[] {
  let at = index;
  let last = of - 1;
  return path.map((sibling) => {
    const isLeft = at % 2 === 1 || at === last;
    if (isLeft) {
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
    return { sibling, side: isLeft ? 'left' : 'right' };
  });
}
