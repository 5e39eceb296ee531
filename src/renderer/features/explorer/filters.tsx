/** What narrows the list of messages: their type, a key, a tag, the beginning of the id. */
import { useState } from 'react';
import { useText } from '../../i18n/text.ts';
import { Field, Pick } from '../../ui/controls.tsx';
import type { Filter } from './place.ts';

/** Payload types with a name of their own here. */
const types = [
  ['record', 'application/vnd.countersign.record.v1'],
  ['announcement', 'application/vnd.countersign.identity-announce.v1'],
  ['rotation', 'application/vnd.countersign.identity-rotate.v1'],
  ['revocation', 'application/vnd.countersign.identity-revoke.v1'],
] as const;

const longestHash = 100;

interface HashFieldProps {
  readonly label: string;
  readonly value: string | undefined;
  /** Digits that are too few to be asked for. */
  readonly least: number;
  readonly onChange: (value: string | undefined) => void;
}

/** Digits in hexadecimal; what is asked for changes only when there are enough of them. */
function HashField({ label, value, least, onChange }: HashFieldProps) {
  const t = useText();
  const [typed, setTyped] = useState({ text: value ?? '', value });
  const text = typed.value === value ? typed.text : (value ?? '');
  const digits = text.replace(/[\s:]/g, '').toLowerCase();
  const isGood = digits === '' || (/^[0-9a-f]{1,64}$/.test(digits) && digits.length >= least);
  const wrong = least === 1 ? t('explorer.filter.digits') : t('explorer.filter.whole');
  return (
    <Field
      label={label}
      value={text}
      mono
      maxLength={longestHash}
      wrong={isGood ? undefined : wrong}
      onChange={(next) => {
        const given = next.replace(/[\s:]/g, '').toLowerCase();
        const isNext = /^[0-9a-f]{1,64}$/.test(given) && given.length >= least;
        const asked = isNext ? given : undefined;
        setTyped({ text: next, value: asked });
        if (asked !== value) onChange(asked);
      }}
    />
  );
}

interface FiltersProps {
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

/** The filter with one member replaced, or without it. */
function changed(filter: Filter, name: keyof Filter, value: string | undefined): Filter {
  const others = Object.entries(filter).filter(([key]) => key !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
}

export function Filters({ filter, onChange }: FiltersProps) {
  const t = useText();
  const { key, tag, file, id, type } = filter;
  const isNamed = type === undefined || types.some(([, known]) => known === type);
  const options = [
    { value: '', label: t('explorer.filter.any') },
    ...types.map(([name, one]) => ({ value: one, label: t(`explorer.what.${name}`) })),
    ...(isNamed ? [] : [{ value: type, label: type }]),
  ];
  return (
    <search className="explorer-filters" aria-label={t('explorer.filter')}>
      <Pick
        label={t('explorer.what')}
        value={type ?? ''}
        options={options}
        onChange={(next) => {
          onChange(changed(filter, 'type', next === '' ? undefined : next));
        }}
      />
      <HashField
        label={t('explorer.filter.key')}
        value={key}
        least={64}
        onChange={(next) => {
          onChange(changed(filter, 'key', next));
        }}
      />
      {file === undefined ? (
        <HashField
          label={t('explorer.filter.tag')}
          value={tag}
          least={64}
          onChange={(next) => {
            onChange(changed(filter, 'tag', next));
          }}
        />
      ) : (
        <HashField
          label={t('explorer.filter.file')}
          value={file}
          least={64}
          onChange={(next) => {
            onChange(changed(filter, 'file', next));
          }}
        />
      )}
      <HashField
        label={t('explorer.filter.id')}
        value={id}
        least={1}
        onChange={(next) => {
          onChange(changed(filter, 'id', next));
        }}
      />
    </search>
  );
}
