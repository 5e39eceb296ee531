/** Where the window is put: where it stood, as far as that can be seen on the screens that there are now. */

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const shared = (fromA: number, a: number, fromB: number, b: number): number =>
  Math.max(0, Math.min(fromA + a, fromB + b) - Math.max(fromA, fromB));

/** How much of an area lies on a screen. */
function overlap(a: Area, b: Area): number {
  return shared(a.x, a.width, b.x, b.width) * shared(a.y, a.height, b.y, b.height);
}

/**
 * The place of a window on the screen on which most of it stood: no larger than that screen, and wholly on it.
 * @returns undefined when none of it can be seen on any screen: then it opens where the system puts it.
 */
export function placeOn(kept: Area, screens: readonly Area[]): Area | undefined {
  const [screen] = [...screens].sort((a, b) => overlap(kept, b) - overlap(kept, a));
  if (screen === undefined || overlap(kept, screen) === 0) return undefined;
  const width = Math.min(kept.width, screen.width);
  const height = Math.min(kept.height, screen.height);
  const within = (at: number, from: number, to: number): number => Math.max(from, Math.min(at, to));
  return {
    x: within(kept.x, screen.x, screen.x + screen.width - width),
    y: within(kept.y, screen.y, screen.y + screen.height - height),
    width,
    height,
  };
}
