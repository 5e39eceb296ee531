/**
 * What happens in the service, for its operator: one JSON object to a line. Nothing of a message is in it, nor
 * who asked for what.
 */

/** From the gravest to the most talkative. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof logLevels)[number];

type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface EventLog {
  /** @param event a word for machines: `block`, `slow-reader`. */
  report(level: LogLevel, event: string, fields?: Fields): void;
}

/** Whatever a terminal or a tool could take for something else than text. */
const beyondAscii = /[^ -~]/g;

/** Reports nothing. */
export const silentLog: EventLog = { report: () => undefined };

/** Code and detail of an error, as fields of a report; of a foreign one what it says. */
export function errorFields(error: unknown): Fields {
  const { code, detail, message } = error as { code?: unknown; detail?: unknown; message?: unknown };
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' ? value.slice(0, 300) : undefined;
  return { code: text(code) ?? 'firehose-failed', detail: text(detail) ?? text(message) ?? String(error) };
}

/**
 * A log of the events of this level and all graver ones.
 * @param write takes a line, without its end.
 * @param now milliseconds since 1970.
 */
export function eventLog(least: LogLevel, write: (line: string) => void, now: () => number): EventLog {
  return {
    report(level, event, fields = {}) {
      if (logLevels.indexOf(level) > logLevels.indexOf(least)) return;
      const line = JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields });
      write(line.replace(beyondAscii, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`));
    },
  };
}
