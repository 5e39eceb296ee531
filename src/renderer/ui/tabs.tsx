/** The parts of a view, beside each other: a navigation of its own, so that each part has an address. */
import { go } from '../app/route.ts';

interface Tab {
  /** What the part is called in links. */
  readonly to: string;
  readonly title: string;
  /** How many things there need the person. */
  readonly alerts?: number;
}

export function Tabs({ label, tabs, at }: { label: string; tabs: readonly Tab[]; at: string }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ to, title, alerts = 0 }) => (
        <button
          key={to}
          type="button"
          aria-current={to === at ? 'page' : undefined}
          onClick={() => {
            go(to);
          }}
        >
          {title}
          {alerts === 0 ? null : <span className="alerts">{alerts}</span>}
        </button>
      ))}
    </nav>
  );
}
