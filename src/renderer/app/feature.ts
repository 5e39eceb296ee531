/** A feature: a view with its place in the navigation. Each is a folder of `features/`, found by folder. */
import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';

export interface Feature {
  /** The view's name, as links and menus know it. */
  readonly id: string;
  /** Its place in the navigation, from 1, which is also its key. */
  readonly order: number;
  readonly icon: LucideIcon;
  /** The key of its name among the texts. */
  readonly title: string;
  /** What it shows. @param rest what stands behind its name in a link. */
  readonly View: ComponentType<{ readonly rest: string }>;
}

const found = import.meta.glob<{ readonly feature: Feature }>('../features/*/feature.tsx', { eager: true });

/** All features, in the order of the navigation. */
export const features: readonly Feature[] = Object.values(found)
  .map(({ feature }) => feature)
  .sort((a, b) => a.order - b.order);
