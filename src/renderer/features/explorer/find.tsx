/** One field to look up anything: it says what it understood, and what there is of it. */
import { Search } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import type { Failure } from '../../../contract/channel.ts';
import type { FoundView, Hit } from '../../../contract/channels/explorer.ts';
import { api, failureOf, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { number } from '../../ui/numbers.ts';
import { utcLong } from '../../ui/time.tsx';

const pauseMs = 150;
/** As long as the longest link. */
const longest = 8192;

/** The view that shows it; undefined for what is known and has none. */
function viewOf(hit: Hit): string | undefined {
  switch (hit.kind) {
    case 'block':
      return `explorer/block/${hit.block.height}`;
    case 'message':
      return `explorer/message/${hit.message.id}`;
    case 'key':
    case 'tag':
    case 'file':
      return `explorer/${hit.kind}/${hit.value}`;
    case 'contact':
      return `explorer/key/${hit.key}`;
    case 'own':
      return `records/${hit.id}`;
    case 'link':
      return hit.view;
    case 'ledger':
      return undefined;
  }
}

function lineOf(t: Text, hit: Hit): readonly [title: string, more: string] {
  switch (hit.kind) {
    case 'block': {
      const { height, sealed, messages, hash } = hit.block;
      const count = t(messages === 1 ? 'explorer.count.message' : 'explorer.count.messages', {
        count: number(messages),
      });
      return [
        t('explorer.hit.block', { height: number(height) }),
        t('explorer.hit.block.more', { time: utcLong(sealed), count, hash: hash.slice(0, 12) }),
      ];
    }
    case 'message': {
      const { what, height, position, id } = hit.message;
      const title = t('explorer.hit.message', { what: t(`explorer.what.${what}`) });
      const values = { height: number(height), position: number(position + 1), id: id.slice(0, 12) };
      return [title, t('explorer.hit.message.more', values)];
    }
    case 'key':
    case 'tag':
    case 'file': {
      const { height, sealed } = hit.newest;
      const values = { height: number(height), time: utcLong(sealed) };
      return [t(`explorer.hit.${hit.kind}`), t('explorer.hit.newest', values)];
    }
    case 'contact':
      return [
        t('explorer.hit.contact', { name: hit.name }),
        t('explorer.hit.contact.more', { key: hit.key.slice(0, 12) }),
      ];
    case 'own':
      return [t('explorer.hit.own', { name: hit.name }), t('explorer.hit.own.more')];
    case 'ledger':
      return [t('explorer.hit.ledger', { origin: hit.origin }), t('explorer.hit.ledger.more')];
    case 'link':
      return [t('explorer.hit.link'), hit.view.slice(0, 60)];
  }
}

/** What was understood, and why there may be more than what was found. */
function sentence(t: Text, { understood, hits, contacts, isWhole }: FoundView): string {
  const said = [t(`explorer.understood.${understood}`)];
  if (hits.length === 0 && understood !== 'foreign-link') said.push(t('explorer.nothing'));
  if (!isWhole) said.push(t('explorer.nothing.follows'));
  if (!contacts && understood !== 'link' && understood !== 'foreign-link')
    said.push(t('explorer.nothing.sealed'));
  return said.join(' ');
}

function useFound(text: string) {
  const { size = 0, filled = 0, id = '' } = useDesk('ledger') ?? {};
  const [found, setFound] = useState<FoundView>();
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    let isGone = false;
    const ask = (): void => {
      if (text.trim() === '') {
        setFound(undefined);
        setFailure(undefined);
        return;
      }
      value(api.explorerFind({ text })).then(
        (view) => {
          if (isGone) return;
          setFound(view);
          setFailure(undefined);
        },
        (error: unknown) => {
          if (!isGone) setFailure(failureOf(error));
        },
      );
    };
    const timer = setTimeout(ask, pauseMs);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [text, size, filled, id]);
  return { found, failure };
}

function Hits({ hits, onOpen }: { hits: readonly Hit[]; onOpen: (hit: Hit) => void }) {
  const t = useText();
  if (hits.length === 0) return null;
  return (
    <ul className="hits">
      {hits.map((hit, i) => {
        const [title, more] = lineOf(t, hit);
        const inside = (
          <>
            <span className="title">{title}</span>
            <span className="quiet small">{more}</span>
          </>
        );
        return (
          <li key={`${i} ${hit.kind}`}>
            {viewOf(hit) === undefined ? (
              <div className="hit">{inside}</div>
            ) : (
              <button
                type="button"
                className="hit"
                onClick={() => {
                  onOpen(hit);
                }}
              >
                {inside}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** @param given what is looked up first. */
export function Find({ given }: { given: string }) {
  const t = useText();
  const id = useId();
  const [text, setText] = useState(given);
  const { found, failure } = useFound(text);
  const open = (hit: Hit): void => {
    const view = viewOf(hit);
    if (view === undefined) return;
    setText('');
    go(view);
    // On from the field to what it led to.
    document.getElementById('main')?.focus();
  };
  const openFirst = (): void => {
    const first = found?.hits.find((hit) => viewOf(hit) !== undefined);
    if (first !== undefined) open(first);
  };
  const isAsked = text.trim() !== '';
  return (
    <search className="look-up">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          openFirst();
        }}
      >
        <label htmlFor={id} className="visually-hidden">
          {t('explorer.find')}
        </label>
        <Search size={17} aria-hidden />
        <input
          id={id}
          type="search"
          className="input"
          value={text}
          maxLength={longest}
          placeholder={t('explorer.find.hint')}
          spellCheck={false}
          autoComplete="off"
          aria-keyshortcuts="/"
          aria-describedby={`${id}-more`}
          onChange={({ target }) => {
            setText(target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            setText('');
          }}
        />
      </form>
      <div id={`${id}-more`} className="understood small" aria-live="polite">
        {isAsked && found !== undefined && failure === undefined ? sentence(t, found) : null}
      </div>
      {isAsked && failure !== undefined ? <FailureNotice failure={failure} /> : null}
      {isAsked && found !== undefined && failure === undefined ? (
        <Hits hits={found.hits} onOpen={open} />
      ) : null}
    </search>
  );
}
