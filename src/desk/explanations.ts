/** The sentences of every code: families register themselves when their file is loaded. */
import { readdirSync } from 'node:fs';
import type { Failure } from '../contract/channel.ts';
import { CountersignError, explain } from '../core/errors/family.ts';
import type { IpcCode } from '../core/errors/ipc.ts';

const folder = new URL('../core/errors/', import.meta.url);

/** Loads every family of codes. To be awaited before anything is explained. */
export async function loadExplanations(): Promise<void> {
  const families = readdirSync(folder).filter((name) => /^[a-z0-9-]+\.[jt]s$/.test(name));
  for (const family of families) await import(/* @vite-ignore */ new URL(family, folder).href);
}

/** A code with its sentences; without any when no family declares it. */
export function failureOf(code: string, detail?: string): Failure {
  const { happened = '', means = '', next = '' } = explain(code) ?? {};
  return { code, ...(detail === undefined ? {} : { detail: detail.slice(0, 300) }), happened, means, next };
}

const unforeseen: IpcCode = 'ipc-failed';

/**
 * What a window is told of an error: the code and its sentences when it is of these families (or of `ipc`), else only that
 * something went wrong. The words of an unforeseen error may hold anything, so they do not go on.
 */
export function failureFrom(error: unknown, families: readonly string[]): Failure {
  if (!(error instanceof CountersignError)) return failureOf(unforeseen);
  const { code, detail } = error as CountersignError;
  const isKnown = ['ipc', ...families].some((family) => code.startsWith(`${family}-`));
  return isKnown ? failureOf(code, detail) : failureOf(unforeseen, code);
}
