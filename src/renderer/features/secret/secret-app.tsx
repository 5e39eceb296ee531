/** The window for secrets: making, restoring and unlocking an identity. It holds words only while it shows them. */
import { useEffect, useState } from 'react';
import type { PurposeView } from '../../../contract/channels/secret.ts';
import { api, value } from '../../api.ts';
import { useText } from '../../i18n/text.ts';
import { BackupForm, DrillForm, WordsForm } from './care-forms.tsx';
import { CreateSteps } from './create-steps.tsx';
import { RecoveryForm, RestoreForm, UnlockForm, WatchForm } from './forms.tsx';
import './secret.css';

function closeWindow(): void {
  void api.secretClose({});
}

export function SecretApp() {
  const t = useText();
  const [purpose, setPurpose] = useState<PurposeView['purpose']>();
  useEffect(() => {
    void value(api.secretPurpose({})).then(({ purpose: asked }) => {
      setPurpose(asked);
    });
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') closeWindow();
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
    };
  }, []);
  if (purpose === undefined) return null;
  return (
    <main className="secret">
      <h1>{t(`secret.${purpose}`)}</h1>
      {purpose === 'create' ? <CreateSteps onDone={closeWindow} /> : null}
      {purpose === 'restore' || purpose === 'reopen' ? <RestoreForm onDone={closeWindow} /> : null}
      {purpose === 'watch' ? <WatchForm onDone={closeWindow} /> : null}
      {purpose === 'recovery' ? <RecoveryForm onDone={closeWindow} /> : null}
      {purpose === 'backup' ? <BackupForm onDone={closeWindow} /> : null}
      {purpose === 'drill' ? <DrillForm onDone={closeWindow} /> : null}
      {purpose === 'words' ? <WordsForm onDone={closeWindow} /> : null}
      {purpose === 'unlock' ? <UnlockForm onDone={closeWindow} /> : null}
    </main>
  );
}
