/** The first start: practise, or begin with an identity; profiles that are there already can be opened. */
import { ChevronRight, Eye, FolderOpen, KeyRound, type LucideIcon, RotateCcw } from 'lucide-react';
import type { ShellView } from '../../../contract/channels/shell.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/controls.tsx';
import './first-start.css';

interface WayProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly more?: string;
  readonly disabled: boolean;
  readonly onGo: () => void;
}

function Way({ icon: Icon, title, more, disabled, onGo }: WayProps) {
  return (
    <button type="button" className="way" disabled={disabled} onClick={onGo}>
      <Icon size={20} aria-hidden strokeWidth={1.6} />
      <span>
        <span className="title">{title}</span>
        {more === undefined ? null : <span className="quiet small">{more}</span>}
      </span>
      <ChevronRight size={18} aria-hidden />
    </button>
  );
}

function Profiles({ disabled, onOpen }: { disabled: boolean; onOpen: (profile: string) => void }) {
  const t = useText();
  const { profiles } = useDesk('start');
  if (profiles.length === 0) return null;
  return (
    <section className="section" aria-labelledby="profiles">
      <h2 id="profiles">{t('start.profiles')}</h2>
      <div className="ways">
        {profiles.map((name) => (
          <Way
            key={name}
            icon={FolderOpen}
            title={t('start.open', { name })}
            disabled={disabled}
            onGo={() => {
              onOpen(name);
            }}
          />
        ))}
      </div>
    </section>
  );
}

function OwnWays({ disabled }: { disabled: boolean }) {
  const t = useText();
  const ways = [
    ['create', KeyRound],
    ['restore', RotateCcw],
    ['watch', Eye],
  ] as const;
  return (
    <section className="section" aria-labelledby="own">
      <h2 id="own">{t('start.own')}</h2>
      <div className="ways">
        {ways.map(([purpose, icon]) => (
          <Way
            key={purpose}
            icon={icon}
            title={t(`start.${purpose}`)}
            more={t(`start.${purpose}.more`)}
            disabled={disabled}
            onGo={() => {
              void api.shellOpenSecret({ purpose });
            }}
          />
        ))}
      </div>
    </section>
  );
}

export function FirstStart({ shell }: { shell: ShellView }) {
  const t = useText();
  const work = useWork();
  const { busy } = useDesk('start');
  const isBusy = busy || work.busy;
  return (
    <main className="first" tabIndex={-1}>
      <div>
        <header>
          <h1>{t('start.title')}</h1>
          <p className="lead">{t('start.lead')}</p>
        </header>
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
        {shell.preview ? null : (
          <Profiles
            disabled={isBusy}
            onOpen={(profile) => {
              void work.run(() => value(api.startOpen({ profile })));
            }}
          />
        )}
        <section className="hero" aria-labelledby="practice">
          <div>
            <h2 id="practice">{t('start.practice')}</h2>
            <p className="quiet">{t('start.practice.more')}</p>
          </div>
          <Button
            kind="primary"
            disabled={isBusy}
            onClick={() => {
              void work.run(() => value(api.startPractice({})));
            }}
          >
            {t(isBusy ? 'start.practice.busy' : 'start.practice.go')}
          </Button>
        </section>
        {shell.preview ? null : <OwnWays disabled={isBusy} />}
      </div>
    </main>
  );
}
