/**
 * Evidence of an operator's lie (`docs/spec/evidence.md`): a file that shows two things which the operator of a ledger
 * signed and which cannot both be honest. Everything that is needed to judge it stands in the file, except the ledger id.
 */
import { equalBytes, fromUtf8, toBase64, toHex, toUtf8 } from '../bytes.ts';
import type { JsonValue } from '../encoding/json.ts';
import { isJsonObject, parseJson, writeJson } from '../encoding/json.ts';
import { base64UpTo, hexOf, oneOf, readObject } from '../encoding/members.ts';
import type { EvidenceCode } from '../errors/evidence.ts';
import type { JsonCode } from '../errors/json.ts';
import { openCheckpoint } from '../log/checkpoint.ts';
import type { Ledger } from '../record/ledger.ts';
import { ledgerId, parseLedger } from '../record/ledger.ts';
import { LogHeaders } from '../record/log-headers.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { chainBroken, headerInvalid } from './headers.ts';
import { checkpointExtended, headsInconsistent } from './heads.ts';
import { tagHistory } from './history.ts';
import type { Kind } from './kind.ts';
import { text } from './kind.ts';

import { messageInvalid, messageRepeated } from './messages.ts';
import { promiseBroken } from './promises.ts';
import { rollupMalformed, rollupUnsorted } from './rollups.ts';
import { tagForeign, tagMalformed, tagMissing, tagUnsorted } from './tags.ts';

/** The longest evidence file, in bytes. */
export const maxEvidenceBytes = 8_388_608;

const format = 'countersign/evidence/v1';

/** The kinds about heads in whatever form. */
const headKinds = [headsInconsistent, checkpointExtended] as const;

/** The kinds about blocks under a head of the ledger's form. */
const blockKinds = [
  headerInvalid,
  chainBroken,
  messageInvalid,
  messageRepeated,
  tagMissing,
  tagForeign,
  tagMalformed,
  tagUnsorted,
  tagHistory,
  rollupMalformed,
  rollupUnsorted,
  promiseBroken,
] as const;

/** The name of a kind of lie, as it stands in the file. */
export type LieKind = (typeof headKinds | typeof blockKinds)[number]['name'];

/** The names of all kinds. */
export const lieKinds: readonly LieKind[] = [...headKinds, ...blockKinds].map(({ name }) => name);

/** A class with a private field, and not exported: no literal, spread or copy of one passes for what was shown. */
class ShownLie {
  readonly kind: LieKind;
  /** Id of the ledger whose operator lied or, for `promise-broken`, did not keep its word: 32 bytes. */
  readonly ledger: Uint8Array;
  /** The name of the ledger: the first line of its checkpoints. */
  readonly origin: string;
  readonly #sentence: string;

  constructor(kind: LieKind, ledger: Ledger, sentence: string) {
    this.kind = kind;
    this.ledger = ledger.id;
    this.origin = ledger.origin;
    this.#sentence = sentence;
    Object.freeze(this);
  }

  /** For people: what was signed, and what contradicts it. */
  get sentence(): string {
    return this.#sentence;
  }
}

/** A lie that was shown. Only {@link verifyEvidence} makes one. */
export type Lie = ShownLie;

const codes = { members: 'evidence-format', value: 'evidence-format' } as const;

const members = {
  checkpoint: text.read,
  evidence: oneOf([format]),
  founding: base64UpTo(maxEvidenceBytes),
  kind: oneOf(lieKinds),
  ledger: hexOf(32),
  proof: (value: JsonValue): JsonValue | undefined => (isJsonObject(value) ? value : undefined),
};

/**
 * Judges an evidence file.
 *
 * @param ledger the id (32 bytes) of the ledger that is asked about; it comes from the reader, never from the file.
 * @returns the lie that the file shows, or why it shows none.
 */
export function verifyEvidence(bytes: Uint8Array, ledger: Uint8Array): Result<Lie, EvidenceCode | JsonCode> {
  const json = parseJson(bytes, maxEvidenceBytes);
  if (!json.ok) return json;
  const file = readObject(json.value, codes, members);
  if (!file.ok) return file;
  const { checkpoint, founding, kind: name, ledger: named, proof } = file.value;
  if (!equalBytes(named, ledger)) return refuse('evidence-ledger', toHex(named));
  if (!equalBytes(ledgerId(founding), ledger)) return refuse('evidence-founding');
  const founded = parseLedger(founding);
  if (!founded.ok) return refuse('evidence-founding', founded.code);
  const verdict = judge(name, proof, founded.value, toUtf8(checkpoint));
  return verdict.ok ? ok(new ShownLie(name, founded.value, verdict.value)) : verdict;
}

/** Judges a proof against what its kind is about: the head alone, or the blocks under it. */
function judge(
  name: LieKind,
  proof: JsonValue,
  ledger: Ledger,
  note: Uint8Array,
): Result<string, EvidenceCode> {
  const headKind = headKinds.find((kind) => kind.name === name);
  if (headKind !== undefined) {
    const checkpoint = openCheckpoint(note, [ledger.logKey], []);
    if (!checkpoint.ok) return refuse('evidence-checkpoint', checkpoint.code);
    return headKind.verify(proof, { checkpoint: checkpoint.value, ledger });
  }
  const log = LogHeaders.open(ledger, note);
  if (!log.ok) return refuse('evidence-checkpoint', log.code);
  const blockKind = blockKinds.find((kind) => kind.name === name);
  return blockKind === undefined ? refuse('evidence-format', name) : blockKind.verify(proof, log.value);
}

/** What every evidence file brings along. */
export interface EvidenceSource {
  /** The header of height 0. */
  readonly founding: Uint8Array;
  /** A signed checkpoint of the log: the whole note. */
  readonly checkpoint: Uint8Array;
}

/**
 * Writes an evidence file of this kind, such as `tagMissing`. It is not judged here: give it to {@link verifyEvidence}
 * before you show it to anyone.
 *
 * @throws RangeError when the note is not UTF-8 or the file would be longer than any may be.
 */
export function composeEvidence<Proof>(
  kind: Pick<Kind<LieKind, Proof>, 'name' | 'write'>,
  source: EvidenceSource,
  proof: Proof,
): Uint8Array {
  const checkpoint = fromUtf8(source.checkpoint);
  if (checkpoint === undefined) throw new RangeError('the checkpoint is not UTF-8');
  const bytes = writeJson({
    checkpoint,
    evidence: format,
    founding: toBase64(source.founding),
    kind: kind.name,
    ledger: toHex(ledgerId(source.founding)),
    proof: kind.write(proof),
  });
  if (bytes.length > maxEvidenceBytes) throw new RangeError(`${bytes.length} bytes of evidence`);
  return bytes;
}
