/** What the stand-in does not know says so by name: no test passes because something silently did nothing. */

function absentError(name: string): Error {
  return new Error(`NOT_IN_STAND_IN: ${name}`);
}

/** An object whose members are those given; any other one throws. */
export function known<T extends object>(name: string, members: T): T {
  return new Proxy(members, {
    get(target, key) {
      if (typeof key === 'string' && key !== 'then' && key !== 'toJSON' && !Reflect.has(target, key))
        throw absentError(`${name}.${key}`);
      const value = Reflect.get(target, key, target) as unknown;
      // Methods with private members need the object itself.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
    set(target, key, value) {
      if (typeof key === 'string' && !Reflect.has(target, key)) throw absentError(`${name}.${key}=`);
      return Reflect.set(target, key, value, target);
    },
  });
}

/** A member of Electron that is not here at all: using it in any way throws. */
export function absent(name: string): object {
  const fail = (): never => {
    throw absentError(name);
  };
  return new Proxy(fail, { get: fail, set: fail, apply: fail, construct: fail });
}

/** What was called of dialogs and menus: nothing of it is proved to work by that. */
export const recorded: { readonly name: string; readonly given: unknown }[] = [];

export function record(name: string, given: unknown): void {
  recorded.push({ name, given });
  if (recorded.length > 1000) recorded.shift();
}

/** Functions that only record that they were called, by their names. */
export function recorders<N extends string>(
  of: string,
  ...names: readonly N[]
): Record<N, (...given: readonly unknown[]) => void> {
  return Object.fromEntries(names.map((name) => [name, recorder(`${of}.${name}`)])) as ReturnType<
    typeof recorders<N>
  >;
}

/** A function that only records that it was called. */
export function recorder(name: string): (...given: readonly unknown[]) => void {
  return (...given) => {
    record(name, given[0]);
  };
}
