/** Explorer: the record as it lies on this machine. */
import { useEffect } from 'react';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go, useRoute } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Empty, Notice } from '../../ui/controls.tsx';
import { Blocks } from './blocks.tsx';
import './explorer.css';
import { Find } from './find.tsx';
import { MessagePage } from './message.tsx';
import { Messages } from './messages.tsx';
import { type ExplorerPlace, readPlace } from './place.ts';
import { Verify } from './verify.tsx';

/** A link to another ledger than the one that is shown. It changes nothing by itself. */
function OtherLedger({ ledger }: { ledger: string }) {
  const t = useText();
  const work = useWork();
  const known = useDesk('ledgers').find(({ id }) => id === ledger);
  if (known === undefined) {
    return (
      <Notice tone="warn" title={t('explorer.other.unknown')}>
        {t('explorer.other.unknown.more', { id: ledger })}
      </Notice>
    );
  }
  const action = (
    <Button
      disabled={work.busy}
      onClick={() => {
        void work.run(() => value(api.ledgerChoose({ ledger })));
      }}
    >
      {t('explorer.other.go')}
    </Button>
  );
  return (
    <>
      <Notice tone="warn" title={t('explorer.other', { origin: known.origin })} action={action}>
        {t('explorer.other.more')}
      </Notice>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </>
  );
}

function View({ place, rest }: { place: ExplorerPlace; rest: string }) {
  const { id = '', size = 0 } = useDesk('ledger') ?? {};
  switch (place.tab) {
    case 'messages':
      return <Messages key={`${id} ${rest}`} given={place.filter} />;
    case 'blocks':
      return <Blocks key={id} ledger={id} size={size} height={place.height} />;
    case 'verify':
      return <Verify key={id} size={size} />;
    case 'message':
      return <MessagePage key={rest} id={place.id} />;
  }
}

export function Explorer({ rest }: { rest: string }) {
  const t = useText();
  const ledger = useDesk('ledger');
  const { ledger: named, place, find = '' } = readPlace(rest);
  const { visit } = useRoute();
  const isList = place.tab === 'messages' || place.tab === 'blocks';
  const isShown = named !== undefined && named === ledger?.id;
  useEffect(() => {
    // The link was followed: from now on another ledger may be chosen here.
    if (isShown) go(`explorer/${rest.slice(named.length + 1)}`);
  }, [isShown, named, rest]);
  const isOther = ledger !== null && named !== undefined && named !== ledger.id;
  return (
    <div className={isList ? 'page fill explorer' : 'page explorer'}>
      <header>
        <div>
          <h1>{t('explorer.title')}</h1>
          <p>{t('explorer.lead')}</p>
        </div>
      </header>
      {ledger === null ? (
        <Notice tone="warn" title={t('explorer.noledger')}>
          {t('explorer.noledger.more')}
        </Notice>
      ) : isOther ? (
        <OtherLedger ledger={named} />
      ) : ledger.size === 0 ? (
        <Empty title={t('explorer.empty')}>{t('explorer.empty.more')}</Empty>
      ) : (
        <>
          <Find key={find === '' ? '' : visit} given={find} />
          <View place={place} rest={rest} />
        </>
      )}
    </div>
  );
}
