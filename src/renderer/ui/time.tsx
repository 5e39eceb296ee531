/** Times, always both ways: UTC as the record has it, and the clock of the place where the reader is. */
import { useLook } from '../app/look.ts';
import { useText } from '../i18n/text.ts';

const utcForm = new Intl.DateTimeFormat('en-GB', {
  ...({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const),
  timeZone: 'UTC',
});
const localForm = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** Seconds since 1970 as UTC, to the minute. */
function utcMinute(seconds: number): string {
  return utcForm.format(seconds * 1000).replace(',', '');
}

/** Seconds since 1970 as UTC, to the second. */
function utcSecond(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

const longForm = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'medium',
  timeZone: 'UTC',
});

/** Seconds since 1970 as UTC for a sentence: `23 November 2026 at 14:03:00 UTC`; neither its day nor its time is broken in two. */
export function utcLong(seconds: number): string {
  return `${longForm.format(seconds * 1000)} UTC`.replaceAll(' ', '\u00a0').replace('\u00a0at\u00a0', ' at ');
}

/** A time in a list: UTC in sight, the local time behind it. */
export function Time({ seconds }: { seconds: number }) {
  const t = useText();
  const isBoth = useLook((look) => look.clock) === 'both';
  const local = localForm.format(seconds * 1000);
  return (
    <time
      dateTime={new Date(seconds * 1000).toISOString()}
      title={isBoth ? t('time.local', { time: local }) : undefined}
    >
      {utcMinute(seconds)}
    </time>
  );
}

/** A time where there is room for both. */
export function FullTime({ seconds }: { seconds: number }) {
  const t = useText();
  const clock = useLook((look) => look.clock);
  const local = localForm.format(seconds * 1000);
  if (clock === 'utc') {
    return (
      <time dateTime={new Date(seconds * 1000).toISOString()}>
        {t('time.utc', { utc: utcSecond(seconds) })}
      </time>
    );
  }
  return (
    <time dateTime={new Date(seconds * 1000).toISOString()}>
      {t('time.both', { utc: utcSecond(seconds), local })}
    </time>
  );
}

/** A time in a sentence or beside a name: UTC said in sight, the local time behind it. */
export function UtcTime({ seconds }: { seconds: number }) {
  return (
    <>
      <Time seconds={seconds} /> UTC
    </>
  );
}
