/** A part of the settings: what it is about on the left, what is chosen on the right. */
import type { ReactNode } from 'react';
import { useText } from '../../i18n/text.ts';

interface SectionProps {
  /** The key of its title among the texts. */
  readonly title: string;
  /** The key of what it is about. */
  readonly about?: string;
  readonly children: ReactNode;
}

export function Section({ title, about, children }: SectionProps) {
  const t = useText();
  return (
    <section className="section" aria-labelledby={title}>
      <div>
        <h2 id={title}>{t(title)}</h2>
        {about === undefined ? null : <p className="quiet small">{t(about)}</p>}
      </div>
      <div className="panel stack">{children}</div>
    </section>
  );
}
