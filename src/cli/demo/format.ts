/** Seconds since 1970 as people read them, in UTC: `23 November 2026, 14:05:09 UTC`. */
export function utcTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(date);
  return `${day}, ${date.toISOString().slice(11, 19)} UTC`;
}
