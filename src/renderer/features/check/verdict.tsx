/** One verdict: the sentence, what it proves and what it does not, the facts, and the next step. */
import { CircleCheck, CircleHelp, CircleX, Info } from 'lucide-react';
import type { ReactNode } from 'react';
import type { GivenContactView, JudgedView } from '../../../contract/channels/check.ts';
import { go } from '../../app/route.ts';
import { unlock } from '../../app/unlock.ts';
import { useDesk } from '../../app/state.ts';
import { said, type Text, useText } from '../../i18n/text.ts';
import { Button, Facts, Hash } from '../../ui/controls.tsx';
import { FullTime } from '../../ui/time.tsx';
import { meaningOf, ownerText, sentenceOf, shortOf } from './said.ts';
import type { ShownView } from './use-check.ts';

export const icons = { good: CircleCheck, bad: CircleX, warn: CircleHelp, calm: Info };

type Fact = readonly [name: string, value: ReactNode];

/** The facts that a verdict rests on. */
function factsOf(t: Text, view: ShownView): readonly Fact[] {
  const facts: Fact[] = [];
  const hash = (key: string, value: string | undefined): void => {
    if (value !== undefined) facts.push([t(key), <Hash key={key} value={value} />]);
  };
  const placed = 'receipt' in view ? view.receipt.place : 'sealed' in view ? view : undefined;
  if ('receipt' in view) hash('check.hash', view.receipt.hash);
  if ('hash' in view) hash('check.hash', view.hash);
  if (placed !== undefined) {
    const { sender, owner } = placed;
    facts.push([t('check.sealed'), <FullTime key="sealed" seconds={placed.sealed} />]);
    hash('check.message', placed.message);
    if (owner !== undefined) facts.push([t('check.signer'), ownerText(t, owner, sender)]);
    hash('check.sender', sender);
  }
  if (view.kind === 'contact card') hash('contacts.key', view.contact?.key);
  if (view.kind === 'key') hash('contacts.key', view.key);
  if (view.kind === 'key' && view.publicName !== undefined)
    facts.push([t('check.publicname'), `“${view.publicName}”`]);
  if (view.kind === 'ledger') hash('check.ledger', view.id);
  if ('ledger' in view) hash('check.ledger', view.ledger);
  return facts;
}

/** What to do with a contact card. */
function CardSteps({ contact }: { contact: GivenContactView }) {
  const t = useText();
  const profile = useDesk('profile');
  const { owner, link, isSealed } = contact;
  if (isSealed) {
    if (profile === null || profile.identity.state === 'none') return null;
    return (
      <Button
        onClick={() => {
          unlock(profile.identity);
        }}
      >
        {t('check.contact.unlock')}
      </Button>
    );
  }
  if (owner?.who === 'self' || contact.standing === 'elsewhere') return null;
  const isKnown = owner !== undefined;
  return (
    <Button
      kind={isKnown ? 'usual' : 'primary'}
      onClick={() => {
        go(isKnown ? `contacts/${owner.id}` : `contacts/add/${link}`);
      }}
    >
      {isKnown ? t('check.contact.open', { name: owner.name }) : t('check.contact.add')}
    </Button>
  );
}

function Steps({ view }: { view: ShownView }) {
  const t = useText();
  if (view.kind === 'contact card' && view.contact !== undefined) return <CardSteps contact={view.contact} />;
  if (view.kind === 'ledger card' && view.card !== undefined && view.card.effect !== 'nothing') {
    const { link } = view.card;
    return (
      <Button
        onClick={() => {
          go(`card/${link}`);
        }}
      >
        {t('check.card.look')}
      </Button>
    );
  }
  const owner = 'owner' in view ? view.owner : undefined;
  const own = (view.kind === 'document' || view.kind === 'message') && 'own' in view && view.own;
  return (
    <>
      {own ? (
        <Button
          onClick={() => {
            go(`records/${view.message}`);
          }}
        >
          {t('check.show')}
        </Button>
      ) : null}
      {owner?.who === 'contact' ? (
        <Button
          onClick={() => {
            go(`contacts/${owner.id}`);
          }}
        >
          {t('check.contact.open', { name: owner.name })}
        </Button>
      ) : null}
    </>
  );
}

/** What stands between the sentence and the facts: of a card, how its key stands; of evidence, all that it shows. */
function Shown({ view }: { view: ShownView }) {
  const t = useText();
  if (view.kind === 'contact card' && view.contact !== undefined) {
    const { standing, owner } = view.contact;
    const state = owner?.who === 'contact' ? t(`contacts.state.${owner.state}`) : undefined;
    return (
      <p>
        {t(`check.standing.${standing}`)}
        {state === undefined ? '' : ` ${t('check.standing.contact', { state })}`}
      </p>
    );
  }
  const { shows, kind } = view as JudgedView;
  if (kind !== 'evidence' && kind !== 'promise') return null;
  return shows.slice(1).map((sentence) => <p key={sentence}>{said('', 'happened', sentence)}</p>);
}

export function Verdict({ view }: { view: ShownView }) {
  const t = useText();
  const { tone } = shortOf(view);
  const Icon = icons[tone];
  const facts = factsOf(t, view);
  return (
    <article className={`verdict ${tone}`} aria-label={view.name}>
      <Icon size={22} aria-hidden />
      <div className="stack">
        <div>
          <div className="name">{view.name}</div>
          <p className="sentence">{sentenceOf(t, view)}</p>
        </div>
        <Shown view={view} />
        <p className="quiet">{meaningOf(t, view)}</p>
        {facts.length === 0 ? null : <Facts facts={facts} />}
        <div className="row steps">
          <Steps view={view} />
        </div>
      </div>
    </article>
  );
}
