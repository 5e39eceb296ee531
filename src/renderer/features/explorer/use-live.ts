/** The live list of messages that fit, and when it may move. */
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { api, value } from '../../api.ts';
import { useDesk } from '../../app/state.ts';
import { LiveList, type LiveView } from './live-list.ts';
import type { Filter } from './place.ts';

interface Live {
  readonly view: LiveView;
  readonly show: () => void;
  readonly restart: () => void;
}

class Store {
  readonly list: LiveList;
  #listener: (() => void) | undefined;

  constructor(asked: Filter, reach: number) {
    this.list = new LiveList(
      {
        older: (before, limit) =>
          value(
            api.explorerMessages({
              ...asked,
              ...(before === undefined ? {} : { before: placeOf(before) }),
              limit,
            }),
          ),
        newer: (after, limit) => value(api.explorerAfter({ ...asked, after: placeOf(after), limit })),
      },
      reach,
      () => this.#listener?.(),
    );
  }

  readonly follow = (listener: () => void): (() => void) => {
    this.#listener = listener;
    return () => {
      this.#listener = undefined;
    };
  };
}

const placeOf = ({ height, position }: { height: number; position: number }) => ({ height, position });

/** @param isHeld nothing may move now. */
export function useLive(filter: Filter, isHeld: boolean): Live {
  const { id = '', size = 0, filled = 0, reach = 0 } = useDesk('ledger') ?? {};
  const name = JSON.stringify([id, filter]);
  const [asked, setAsked] = useState({ name, filter, reach });
  if (asked.name !== name) setAsked({ name, filter, reach });
  const store = useMemo(() => new Store(asked.filter, asked.reach), [asked]);
  useEffect(
    () => () => {
      store.list.close();
    },
    [store],
  );
  const view = useSyncExternalStore(store.follow, () => store.list.view);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else void store.list.grow(reach);
  }, [store, size, filled, reach]);
  useEffect(() => {
    store.list.hold(isHeld);
  }, [store, isHeld]);
  return {
    view,
    show: () => {
      store.list.show();
    },
    restart: () => {
      store.list.restart();
    },
  };
}
