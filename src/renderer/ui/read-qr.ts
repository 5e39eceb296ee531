/** Reading a QR code out of a picture. What comes out is the text of a stranger; the desk parses it. */
import { useEffect } from 'react';
import { pictureSize } from './picture-size.ts';

/** The largest file of a picture that is looked at, in bytes. */
const longestPicture = 16_000_000;
/** The most pixels that a picture may unpack to: some 160 MB. */
const mostPixels = 40_000_000;
/** The longer side of what is searched, in pixels: first with all detail that helps, then with less noise. */
const searched = [1600, 800] as const;

/** `none`: there is no code to be found. `large`: it is too large to be looked at. `unread`: it is no picture. */
export type NoCode = 'none' | 'large' | 'unread';

/** Whether a file calls itself a picture. */
export function isPicture({ type }: Blob): boolean {
  return /^image\/(?:png|jpeg|webp|gif)$/.test(type);
}

/** The picture, no longer on any side than this. */
function drawn(picture: ImageBitmap, longest: number): ImageData | undefined {
  const factor = Math.min(1, longest / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) =>
    Math.max(1, Math.round(side * factor)),
  );
  const canvas = new OffscreenCanvas(width ?? 1, height ?? 1);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return undefined;
  // What is transparent is paper.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Looks for a QR code in a picture. */
export async function readQr(file: Blob): Promise<{ readonly text: string } | NoCode> {
  if (file.size > longestPicture) return 'large';
  const bytes = new Uint8Array(await file.arrayBuffer());
  const size = pictureSize(bytes);
  if (size === undefined) return 'unread';
  if (size.width * size.height > mostPixels) return 'large';
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (picture === undefined) return 'unread';
  const { default: jsQr } = await import('jsqr');
  try {
    for (const longest of searched) {
      const pixels = drawn(picture, longest);
      const found = pixels && jsQr(pixels.data, pixels.width, pixels.height);
      if (found && found.data !== '') return { text: found.data };
    }
    return 'none';
  } finally {
    picture.close();
  }
}

/** Takes pictures that are pasted anywhere on the page. */
export function usePastedPictures(onPictures: (files: readonly File[]) => void): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const pictures = [...(event.clipboardData?.files ?? [])].filter(isPicture);
      if (pictures.length === 0) return;
      event.preventDefault();
      onPictures(pictures);
    };
    addEventListener('paste', paste);
    return () => {
      removeEventListener('paste', paste);
    };
  }, [onPictures]);
}
