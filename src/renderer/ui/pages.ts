/** A long list, page by page: only what is in sight, and a little more, is asked for and kept. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../../contract/channel.ts';
import { failureOf } from '../api.ts';

const pageSize = 100;
const mostPages = 12;

interface Page<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

export type LoadPage<Row> = (offset: number, limit: number) => Promise<Page<Row>>;

/** Rows of a list, as a table shows them. */
export interface Rows<Row> {
  readonly total: number;
  /** The first rows are here. */
  readonly isLoaded: boolean;
  /** A row, when it is here; asks for it when it is not. */
  readonly row: (index: number) => Row | undefined;
}

export interface Pages<Row> extends Rows<Row> {
  readonly failure: Failure | undefined;
}

/** @param version when it changes, everything is asked for again; what was shown stays until then. */
export function usePages<Row>(load: LoadPage<Row>, version: string): Pages<Row> {
  const [total, setTotal] = useState<number>();
  const [failure, setFailure] = useState<Failure>();
  const [, setTick] = useState(0);
  const kept = useRef(new Map<number, readonly Row[]>());
  const asked = useRef(new Set<string>());
  const current = useRef(version);

  const fetchPage = useCallback(
    (number: number) => {
      const name = `${current.current} ${number}`;
      if (asked.current.has(name)) return;
      asked.current.add(name);
      load(number * pageSize, pageSize).then(
        (page) => {
          // An answer to an older question.
          if (!name.startsWith(`${current.current} `)) return;
          kept.current.set(number, page.rows);
          for (const old of [...kept.current.keys()].slice(0, -mostPages)) {
            kept.current.delete(old);
            asked.current.delete(`${current.current} ${old}`);
          }
          setFailure(undefined);
          setTotal(page.total);
          setTick((tick) => tick + 1);
        },
        (error: unknown) => {
          asked.current.delete(name);
          setFailure(failureOf(error));
          setTotal(0);
        },
      );
    },
    [load],
  );

  useEffect(() => {
    current.current = version;
    asked.current.clear();
    const numbers = [...kept.current.keys()];
    for (const number of numbers.length === 0 ? [0] : numbers) fetchPage(number);
  }, [fetchPage, version]);

  const row = useCallback(
    (index: number): Row | undefined => {
      const number = Math.floor(index / pageSize);
      const rows = kept.current.get(number);
      if (rows === undefined)
        queueMicrotask(() => {
          fetchPage(number);
        });
      return rows?.[index % pageSize];
    },
    [fetchPage],
  );
  return { total: total ?? 0, isLoaded: total !== undefined, failure, row };
}
