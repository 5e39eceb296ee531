/** The page of every window: it asks which window it is, and shows that. */
import '@fontsource-variable/source-code-pro/wght.css';
import '@fontsource-variable/source-sans-3/wght.css';
import '@fontsource-variable/source-serif-4/wght.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/contrast.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { api, value } from './api.ts';
import { App } from './app/app.tsx';
import { wearLook } from './app/look.ts';
import { followState } from './app/state.ts';
import { SecretApp } from './features/secret/secret-app.tsx';
import { startTexts } from './i18n/text.ts';

async function start(): Promise<void> {
  const shell = await value(api.shellView({}));
  await startTexts(shell.locale);
  document.documentElement.lang = shell.locale;
  wearLook(shell);
  if (shell.window === 'main') await followState();
  const root = createRoot(document.getElementById('root') ?? document.body);
  root.render(<StrictMode>{shell.window === 'main' ? <App shell={shell} /> : <SecretApp />}</StrictMode>);
}

void start();
