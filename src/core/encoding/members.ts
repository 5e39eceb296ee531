/**
 * Reading JSON objects of a known type (`docs/spec/encodings.md`, last section): exactly the listed members, each
 * of exactly the listed form. Every reader names the codes of its own family.
 */
import { fromBase64, fromHex } from '../bytes.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { isJsonObject } from './json.ts';
import { showsWhatItHolds } from './texts.ts';

/** The last second of the year 9999, as seconds since 1970: the highest time that any record states. */
export const maxTime = 253_402_300_799;

/**
 * The object with all of the `required` members and no others but the `optional` ones, or a refusal with `code`
 * that names the first member that is wrong.
 */
export function exactMembers<Code extends string>(
  value: JsonValue,
  code: Code,
  required: readonly string[],
  optional: readonly string[] = [],
): Result<JsonObject, Code> {
  if (!isJsonObject(value)) return refuse(code, 'not an object');
  const names = Object.keys(value);
  // As nearly always: all of them, in order.
  if (names.length === required.length && names.every((name, i) => name === required[i])) return ok(value);
  for (const name of required) {
    if (!Object.hasOwn(value, name)) return refuse(code, `${name} is missing`);
  }
  if (names.length === required.length) return ok(value);
  for (const name of names) {
    if (!required.includes(name) && !optional.includes(name)) return refuse(code, `${name} is unknown`);
  }
  return ok(value);
}

/** Reads one member's value, or undefined when it has the wrong kind or form. */
export type ValueReader<T> = (value: JsonValue) => T | undefined;

/** Exactly `length` bytes in lower-case hexadecimal. */
export function hexOf(length: number): ValueReader<Uint8Array> {
  return (value) => (typeof value === 'string' ? fromHex(value, length) : undefined);
}

/** Bytes in base64, at most `maxBytes` of them. */
export function base64UpTo(maxBytes: number): ValueReader<Uint8Array> {
  const maxText = 4 * Math.ceil(maxBytes / 3);
  return (value) => {
    if (typeof value !== 'string' || value.length > maxText) return undefined;
    const bytes = fromBase64(value);
    return bytes !== undefined && bytes.length <= maxBytes ? bytes : undefined;
  };
}

/** An integer from `min` to `max`, both included. */
export function integerFrom(min: number, max: number): ValueReader<number> {
  return (value) => (typeof value === 'number' && value >= min && value <= max ? value : undefined);
}

/** A time in seconds since 1970-01-01T00:00:00Z. */
export const time: ValueReader<number> = integerFrom(0, maxTime);

/** One of the given texts. */
export function oneOf<const T extends string>(choices: readonly T[]): ValueReader<T> {
  return (value) => choices.find((choice) => choice === value);
}

/** An array of at most `maxItems` values that `read` accepts, all of them. */
export function arrayOf<T>(read: ValueReader<T>, maxItems: number): ValueReader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > maxItems) return undefined;
    const items: T[] = [];
    for (const item of value as readonly JsonValue[]) {
      const accepted = read(item);
      if (accepted === undefined) return undefined;
      items.push(accepted);
    }
    return items;
  };
}

/** A text for people of 1 to `maxCharacters` Unicode code points (`docs/spec/encodings.md`, 'Texts for people'). */
export function plainText(maxCharacters: number): ValueReader<string> {
  return (value) => {
    if (typeof value !== 'string' || value.length === 0 || value.length > 2 * maxCharacters) return undefined;
    return Array.from(value).length <= maxCharacters && showsWhatItHolds(value) ? value : undefined;
  };
}

/** Readers of some members, by name. */
type Readers = Readonly<Record<string, ValueReader<unknown>>>;

/** What the readers of a type give. */
type Values<R extends Readers> = {
  readonly [Name in keyof R]: R[Name] extends ValueReader<infer T> ? T : never;
};

/** What to refuse an object with. */
interface ObjectCodes<Code extends string> {
  /** A member is missing or unknown, or there is no object at all. */
  readonly members: Code;
  /** A member has the wrong kind or form. */
  readonly value: Code;
}

/**
 * Reads an object of a known type: all members that `required` names, those that `optional` names when they are
 * there, and no others. A refusal's detail names the first member that is wrong.
 */
export function readObject<Code extends string, const Required extends Readers>(
  value: JsonValue,
  codes: ObjectCodes<Code>,
  required: Required,
): Result<Values<Required>, Code>;
export function readObject<
  Code extends string,
  const Required extends Readers,
  const Optional extends Readers,
>(
  value: JsonValue,
  codes: ObjectCodes<Code>,
  required: Required,
  optional: Optional,
): Result<Values<Required> & Partial<Values<Optional>>, Code>;
export function readObject<Code extends string>(
  value: JsonValue,
  codes: ObjectCodes<Code>,
  required: Readers,
  optional: Readers = {},
): Result<Readonly<Record<string, unknown>>, Code> {
  const needed = Object.keys(required);
  const possible = Object.keys(optional);
  const object = exactMembers(value, codes.members, needed, possible);
  if (!object.ok) return object;
  const values: Record<string, unknown> = {};
  const wrong =
    readMembers(object.value, required, needed, values) ??
    readMembers(object.value, optional, possible, values);
  return wrong === undefined ? ok(values) : refuse(codes.value, `${wrong} has the wrong form`);
}

/** Reads those members that are there into `values`. @returns the first that has the wrong form. */
function readMembers(
  object: JsonObject,
  readers: Readers,
  names: readonly string[],
  values: Record<string, unknown>,
): string | undefined {
  for (const name of names) {
    if (!Object.hasOwn(object, name)) continue;
    const member = readers[name]?.(object[name] ?? null);
    if (member === undefined) return name;
    values[name] = member;
  }
  return undefined;
}
