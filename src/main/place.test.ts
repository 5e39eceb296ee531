import { describe, expect, it } from 'vitest';
import { placeOn } from './place.ts';

const left = { x: 0, y: 0, width: 1920, height: 1080 };
const right = { x: 1920, y: 0, width: 1366, height: 768 };

describe('a window is put', () => {
  it('where it stood', () => {
    const place = { x: 100, y: 50, width: 1280, height: 820 };
    expect(placeOn(place, [left, right])).toEqual(place);
  });

  it('wholly on the screen on which most of it was', () => {
    expect(placeOn({ x: 1800, y: -40, width: 1280, height: 700 }, [left, right])).toEqual({
      ...{ x: 1920, y: 0, width: 1280, height: 700 },
    });
  });

  it('no larger than its screen', () => {
    expect(placeOn({ x: 2000, y: 100, width: 1800, height: 1000 }, [right])).toEqual(right);
  });

  it('where the system likes when its screen is gone', () => {
    expect(placeOn({ x: 2000, y: 100, width: 1280, height: 700 }, [left])).toBeUndefined();
    expect(placeOn({ x: 0, y: 0, width: 1280, height: 700 }, [])).toBeUndefined();
  });
});
