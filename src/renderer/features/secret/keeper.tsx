/** Who guards the key: the keychain, looked at first, or a passphrase. */
import { useEffect, useRef, useState } from 'react';
import type { RequestOf } from '../../../contract/schema.ts';
import type { Failure } from '../../../contract/channel.ts';
import { api, failureOf, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useText } from '../../i18n/text.ts';
import { Button, Choices, Field } from '../../ui/controls.tsx';

type Keeper = RequestOf<'secret.create'>['keeper'];

export interface KeeperState {
  readonly kind: Keeper['kind'];
  /** The keychain was looked at and takes a key: nobody writes words down in vain. */
  readonly isReached: boolean;
  readonly passphrase: string;
  readonly again: string;
}

export const noKeeper: KeeperState = {
  kind: 'keychain',
  isReached: false,
  passphrase: '',
  again: '',
};

const leastLength = 12;

/** The keeper that was chosen; undefined while something is missing. */
export function keeperOf({ kind, isReached, passphrase, again }: KeeperState): Keeper | undefined {
  if (kind === 'keychain') return isReached ? { kind } : undefined;
  return passphrase.length >= leastLength && passphrase === again ? { kind, passphrase } : undefined;
}

interface KeeperProps {
  readonly state: KeeperState;
  readonly onChange: (state: KeeperState) => void;
}

interface CheckProps {
  readonly onReached: () => void;
  readonly onPassphrase: () => void;
}

/** Whether the keychain can take a key, and the way out when it cannot. */
function KeychainCheck({ onReached, onPassphrase }: CheckProps) {
  const t = useText();
  const [failure, setFailure] = useState<Failure>();
  const [round, setRound] = useState(0);
  const told = useRef(onReached);
  useEffect(() => {
    told.current = onReached;
  });
  useEffect(() => {
    let isGone = false;
    value(api.secretCheckKeychain({})).then(
      () => {
        if (isGone) return;
        setFailure(undefined);
        told.current();
      },
      (error: unknown) => {
        if (!isGone) setFailure(failureOf(error));
      },
    );
    return () => {
      isGone = true;
    };
  }, [round]);
  if (failure === undefined) return null;
  const action = (
    <div className="row">
      <Button
        onClick={() => {
          setRound(round + 1);
        }}
      >
        {t('common.retry')}
      </Button>
      <Button onClick={onPassphrase}>{t('secret.keeper.passphrase.choose')}</Button>
    </div>
  );
  return <FailureNotice failure={failure} action={action} />;
}

export function KeeperFields({ state, onChange }: KeeperProps) {
  const t = useText();
  const { kind, passphrase, again } = state;
  const differs = again !== '' && again !== passphrase ? t('secret.passphrase.differs') : undefined;
  return (
    <>
      <Choices
        legend={t('secret.keeper')}
        value={kind}
        onChange={(next) => {
          onChange({ ...state, kind: next });
        }}
        choices={(['keychain', 'passphrase'] as const).map((value_) => ({
          value: value_,
          title: t(`secret.keeper.${value_}`),
          more: t(`secret.keeper.${value_}.more`),
        }))}
      />
      {kind === 'keychain' ? (
        <KeychainCheck
          onReached={() => {
            onChange({ ...state, isReached: true });
          }}
          onPassphrase={() => {
            onChange({ ...state, kind: 'passphrase' });
          }}
        />
      ) : (
        <>
          <Field
            type="password"
            label={t('secret.passphrase')}
            hint={t('secret.passphrase.hint')}
            value={passphrase}
            onChange={(next) => {
              onChange({ ...state, passphrase: next });
            }}
          />
          <Field
            type="password"
            label={t('secret.passphrase.again')}
            wrong={differs}
            value={again}
            onChange={(next) => {
              onChange({ ...state, again: next });
            }}
          />
        </>
      )}
    </>
  );
}
