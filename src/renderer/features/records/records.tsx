/** Records: the list of what was recorded, filtered, with one record in detail beside it. */
import { useCallback, useDeferredValue, useState } from 'react';
import type { RequestOf } from '../../../contract/schema.ts';
import { api, value } from '../../api.ts';
import type { IdentityView } from '../../../contract/state.ts';
import { go, useRoute } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { unlock } from '../../app/unlock.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Empty, Field, Pick } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { Detail } from './detail.tsx';
import './records.css';
import { RecordTable } from './table.tsx';

type Filter = Omit<RequestOf<'records.page'>, 'offset' | 'limit'>;

const wideColumns = ['name', 'matter', 'client', 'reference', 'size', 'state', 'height', 'time'] as const;
const splitColumns = ['name', 'state', 'height'] as const;

const all: Filter = { text: '', state: 'any', method: 'any' };

interface FiltersProps {
  readonly filter: Filter;
  readonly total: number | undefined;
  readonly onChange: (filter: Filter) => void;
}

function Filters({ filter, total, onChange }: FiltersProps) {
  const t = useText();
  const states = ['any', 'waiting', 'in-block', 'problem'] as const;
  const methods = ['any', 'salted', 'public'] as const;
  return (
    <search className="filters">
      <Field
        type="search"
        label={t('records.search')}
        value={filter.text}
        maxLength={200}
        onChange={(text) => {
          onChange({ ...filter, text });
        }}
      />
      <Pick
        label={t('records.state')}
        value={filter.state}
        options={states.map((state) => ({ value: state, label: t(`records.state.${state}`) }))}
        onChange={(state) => {
          onChange({ ...filter, state });
        }}
      />
      <Pick
        label={t('records.method')}
        value={filter.method}
        options={methods.map((one) => ({
          value: one,
          label: t(one === 'any' ? 'records.method.any' : `method.${one}`),
        }))}
        onChange={(method) => {
          onChange({ ...filter, method });
        }}
      />
      <div className="count quiet" aria-live="polite">
        {total === undefined
          ? ''
          : t(total === 1 ? 'records.count.one' : 'records.count', { count: number(total) })}
      </div>
    </search>
  );
}

function Nothing({ isFiltered, onAll }: { isFiltered: boolean; onAll: () => void }) {
  const t = useText();
  if (isFiltered) {
    return (
      <Empty title={t('records.none')} action={<Button onClick={onAll}>{t('records.none.go')}</Button>}>
        {t('records.none.more')}
      </Empty>
    );
  }
  const action = (
    <Button
      kind="primary"
      onClick={() => {
        go('notarize');
      }}
    >
      {t('records.empty.go')}
    </Button>
  );
  return (
    <Empty title={t('records.empty')} action={action}>
      {t('records.empty.more')}
    </Empty>
  );
}

/** What stands in place of the list while it is sealed. */
function Locked({ identity }: { identity: IdentityView }) {
  const t = useText();
  const action = (
    <Button
      kind="primary"
      onClick={() => {
        unlock(identity);
      }}
    >
      {t('identity.unlock')}
    </Button>
  );
  return (
    <Empty title={t('home.unlock')} action={action}>
      {t('records.locked')}
    </Empty>
  );
}

/** What a link shows first: records with a problem, or those that a text finds. */
function filterOf(rest: string): Filter {
  if (rest === 'problem') return { ...all, state: 'problem' };
  if (rest === 'waiting') return { ...all, state: 'waiting' };
  return rest.startsWith('find/') ? { ...all, text: rest.slice('find/'.length, 205) } : all;
}

export function Records({ rest }: { rest: string }) {
  const t = useText();
  const { visit } = useRoute();
  const identity = useDesk('profile')?.identity;
  const ledger = useDesk('ledger')?.id ?? '';
  const isSealed = identity !== undefined && !['open', 'none'].includes(identity.state);
  return (
    <div className="page fill">
      <header>
        <div>
          <h1>{t('records.title')}</h1>
          <p>{t('records.lead')}</p>
        </div>
      </header>
      {isSealed ? (
        <Locked identity={identity} />
      ) : (
        <RecordList key={rest === '' ? ledger : `${ledger} ${visit}`} rest={rest} />
      )}
    </div>
  );
}

function RecordList({ rest }: { rest: string }) {
  const { version, total: known } = useDesk('records');
  const [filter, setFilter] = useState<Filter>(() => filterOf(rest));
  const [selected, setSelected] = useState(/^[0-9a-f]{64}$/.test(rest) ? rest : undefined);
  const [total, setTotal] = useState<number>();
  const asked = useDeferredValue(filter);
  const load = useCallback(
    (offset: number, limit: number) => value(api.recordsPage({ ...asked, offset, limit })),
    [asked],
  );
  const columns = selected === undefined ? wideColumns : splitColumns;
  const isFiltered = asked.text !== '' || asked.state !== 'any' || asked.method !== 'any';
  return (
    <>
      {known === 0 && !isFiltered ? null : <Filters filter={filter} total={total} onChange={setFilter} />}
      <div className={selected === undefined ? 'split' : 'split open'}>
        <div className="list">
          <RecordTable
            load={load}
            version={`${version} ${JSON.stringify(asked)}`}
            columns={columns}
            selected={selected}
            onOpen={({ id }) => {
              setSelected(id);
            }}
            onTotal={setTotal}
            empty={
              <Nothing
                isFiltered={isFiltered}
                onAll={() => {
                  setFilter(all);
                }}
              />
            }
          />
        </div>
        {selected === undefined ? null : (
          <Detail
            id={selected}
            version={version}
            onClose={() => {
              setSelected(undefined);
            }}
          />
        )}
      </div>
    </>
  );
}
