/** What lies over the window: the palette, the list of keys, or what is to be known about the program. */
import { create } from 'zustand';

const overlays = ['palette', 'keys', 'about'] as const;

export type Overlay = (typeof overlays)[number];

export const useOverlay = create<{ readonly shown: Overlay | undefined }>(() => ({ shown: undefined }));

/** @param overlay undefined takes away what is there. */
export function showOverlay(overlay: Overlay | undefined): void {
  useOverlay.setState({ shown: overlay });
}

/** The overlay of this name. */
export function overlayNamed(name: string): Overlay | undefined {
  return overlays.find((one) => one === name);
}
