#!/usr/bin/env python3
"""Makes the Ed25519 cases of docs/spec/signatures.md. Shares no code with the project; standard library only.

    ed25519_cases.py           writes ed25519.json here and src/core/crypto/engine-self-test-cases.ts
    ed25519_cases.py --check   writes nothing; exit 1 when a file differs from what it would write

Every case is derived from its name by SHA-256, so each run writes the same bytes. The verdicts follow from how a
case was built and are checked here against a plain reading of the rule with this file's own curve arithmetic.
"""

import hashlib
import json
import pathlib
import sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def seed_bytes(text):
    return hashlib.sha256(b"countersign/test/ed25519/" + text.encode()).digest()


def number(text):
    """A number far wider than L, so that it is evenly spread modulo L."""
    return int.from_bytes(hashlib.sha512(b"countersign/test/ed25519/" + text.encode()).digest(), "little")


# --- the curve: points are affine (x, y), multiplication works in extended coordinates (X, Y, Z, T) --------------

IDENTITY = (0, 1)


def add_extended(a, b):
    """RFC 8032 section 5.1.4; complete, so it doubles as well."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    minus, plus = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * D * t1 * t2 % P, 2 * z1 * z2 % P
    e, f, g, h = plus - minus, d - c, d + c, plus + minus
    return e * f % P, g * h % P, f * g % P, e * h % P


def extended(point):
    return point[0], point[1], 1, point[0] * point[1] % P


def affine(point):
    inverse = pow(point[2], P - 2, P)
    return point[0] * inverse % P, point[1] * inverse % P


def add(a, b):
    return affine(add_extended(extended(a), extended(b)))


def multiply(scalar, point):
    result, power = extended(IDENTITY), extended(point)
    while scalar > 0:
        if scalar & 1:
            result = add_extended(result, power)
        power = add_extended(power, power)
        scalar >>= 1
    return affine(result)


def negate(point):
    return -point[0] % P, point[1]


def x_of(y, sign):
    """The x of that parity, or None when no point has this y. x = 0 has one parity only but is given for both."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P != 0:
        return None
    return -x % P if x & 1 != sign else x


def encode(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def decode(data):
    """The point of an encoding, canonical or not; None when there is none."""
    value = int.from_bytes(data, "little")
    y, sign = (value & (2**255 - 1)) % P, value >> 255
    x = x_of(y, sign)
    return None if x is None else (x, y)


BASE = (x_of(4 * pow(5, P - 2, P) % P, 0), 4 * pow(5, P - 2, P) % P)


def torsion_generator():
    y = 2
    while True:
        x = x_of(y, 0)
        if x is not None:
            point = multiply(L, (x, y))
            if multiply(4, point) != IDENTITY:
                return point
        y += 1


TORSION = [multiply(i, torsion_generator()) for i in range(8)]
assert multiply(L, BASE) == IDENTITY and len(set(TORSION)) == 8 and add(TORSION[7], TORSION[1]) == IDENTITY


# --- the rule --------------------------------------------------------------------------------------------------

def hash_number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def point_allowed(data):
    y = int.from_bytes(data, "little") & (2**255 - 1)
    return y < P and y not in {point[1] for point in TORSION}


def pre_checks(key, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    if int.from_bytes(signature[32:], "little") >= L:
        return False
    return point_allowed(key) and point_allowed(signature[:32])


def equation(key, message, signature):
    """Cofactorless: the encoding of S * B - h * A is R, h reduced modulo L."""
    point = decode(key)
    if point is None or len(signature) != 64:
        return False
    s = int.from_bytes(signature[32:], "little")
    h = hash_number(signature[:32], key, message) % L
    return encode(add(multiply(s, BASE), negate(multiply(h, point)))) == signature[:32]


# --- cases -----------------------------------------------------------------------------------------------------

cases = []


def case(name, key, message, signature, valid, self_test=False, seed=None):
    allowed = pre_checks(key, signature)
    assert valid == (allowed and equation(key, message, signature)), name
    assert allowed or not self_test, name
    entry = {"name": name, "preChecks": allowed, "valid": valid}
    if seed is not None:
        entry["seed"] = seed.hex()
    entry.update(publicKey=key.hex(), message=message.hex(), signature=signature.hex())
    cases.append((entry, self_test))


def clamp(data):
    return int.from_bytes(data, "little") & (2**254 - 8) | 2**254


def sign(seed, message):
    expanded = hashlib.sha512(seed).digest()
    a = clamp(expanded[:32])
    key = encode(multiply(a, BASE))
    r = hash_number(expanded[32:], message) % L
    point = encode(multiply(r, BASE))
    s = (r + hash_number(point, key, message) % L * a) % L
    return key, point + s.to_bytes(32, "little")


def message_of(name, length):
    return hashlib.shake_128(b"countersign/test/ed25519/message/" + name.encode()).digest(length)


def flip(data, bit):
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def ordinary():
    # Lengths around the block borders of SHA-512 with 64 bytes before the message (in R and A) and 32 (nonce).
    for length in [0, 1, 31, 32, 46, 47, 48, 63, 64, 78, 79, 80, 95, 96, 127, 128, 500, 4096]:
        name = f"valid-{length}-bytes"
        seed, message = seed_bytes(name), message_of(name, length)
        key, signature = sign(seed, message)
        case(name, key, message, signature, True, length in (0, 1, 47, 128, 500), seed)


def changed():
    seed, message = seed_bytes("changed"), message_of("changed", 96)
    key, signature = sign(seed, message)
    for bit in [0, 7, 130, 251, 255]:
        case(f"changed-r-bit-{bit}", key, message, flip(signature, bit), False, bit in (0, 255))
    for bit in [0, 7, 130, 251, 252, 253, 255]:
        case(f"changed-s-bit-{bit}", key, message, flip(signature, 256 + bit), False, bit == 0)
    for bit in [0, 7, 130, 251, 255]:
        case(f"changed-key-bit-{bit}", flip(key, bit), message, signature, False, bit == 255)
    for bit in [0, 400, 767]:
        case(f"changed-message-bit-{bit}", key, flip(message, bit), signature, False, bit == 767)
    case("message-longer", key, message + b"\0", signature, False, True)
    case("message-shorter", key, message[:-1], signature, False)
    case("message-empty", key, b"", signature, False)
    swapped = signature[32:] + signature[:32]
    case("halves-swapped", key, message, swapped, False)
    for length in [0, 31, 33]:
        case(f"key-of-{length}-bytes", (key + b"\0")[:length], message, signature, False)
    for length in [0, 63, 65]:
        case(f"signature-of-{length}-bytes", key, message, (signature + b"\0")[:length], False)
    other, _ = sign(seed_bytes("changed-other"), message)
    case("other-key", other, message, signature, False, True)


def mixed_torsion():
    """A = a * B + E[i], R = r * B + E[j]: always valid with cofactor, without it only when E[j] = -h * E[i]."""
    for i in range(8):
        for j in range(8):
            for valid in (True, False):
                if (i, j) == (0, 0) or valid and i == 0:
                    continue
                # A valid one exists only where some h gives -h * i = j modulo 8.
                if valid and all((h * i + j) % 8 for h in range(8)):
                    continue
                name = f"mixed-key-{i}-r-{j}-{'valid' if valid else 'invalid'}"
                a, r = number(name + "/a") % L, number(name + "/r") % L
                key, point = encode(add(multiply(a, BASE), TORSION[i])), encode(add(multiply(r, BASE), TORSION[j]))
                counter = 0
                while True:
                    message = message_of(f"{name}/{counter}", 40)
                    h = hash_number(point, key, message)
                    # Where it can be, h modulo 8 changes when h is reduced modulo L: an engine must reduce.
                    telling = (h * i + j) % 8 != 0 if valid else True
                    if ((h % L * i + j) % 8 == 0) == valid and telling:
                        break
                    counter += 1
                    assert counter < 1000, name
                signature = point + ((r + h % L * a) % L).to_bytes(32, "little")
                case(name, key, message, signature, valid, i in (0, 1, 4))


def not_a_point(text):
    """An encoding below p that is no point, found by counting."""
    counter = 0
    while True:
        data = bytearray(seed_bytes(f"{text}/{counter}"))
        data[31] &= 0x3F
        if decode(bytes(data)) is None:
            return bytes(data)
        counter += 1


def boundaries():
    seed, message = seed_bytes("boundary"), message_of("boundary", 64)
    key, signature = sign(seed, message)
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    for name, value, self_test in [
        ("s-zero", 0, True), ("s-one", 1, False), ("s-l-minus-1", L - 1, True), ("s-l", L, False),
        ("s-l-plus-1", L + 1, False), ("s-2-252", 2**252, True), ("s-all-ones", 2**256 - 1, False),
        ("s-top-bit", s | 1 << 255, False),
    ]:
        case(name, key, message, r + value.to_bytes(32, "little"), False, self_test)
    for times in range(1, 16):
        if s + times * L < 2**256:
            case(f"s-plus-{times}-l", key, message, r + (s + times * L).to_bytes(32, "little"), False)
    case("s-negated", key, message, r + (L - s).to_bytes(32, "little"), False, True)
    flipped = encode(negate(decode(r)))
    case("r-negated", key, message, flipped + signature[32:], False, True)
    case("key-negated", encode(negate(decode(key))), message, signature, False, True)
    case("key-not-a-point", not_a_point("key"), message, signature, False, True)
    case("r-not-a-point", key, message, not_a_point("r") + signature[32:], False, True)
    base = encode(BASE)
    case("key-is-base", base, message, signature, False)
    # The key of secret 1 is B itself; nothing is wrong with the point.
    point = encode(multiply(number("base/r") % L, BASE))
    s = (number("base/r") + hash_number(point, base, message)) % L
    case("key-is-base-valid", base, message, point + s.to_bytes(32, "little"), True, True)


def small_order():
    seed, message = seed_bytes("small"), message_of("small", 64)
    key, signature = sign(seed, message)
    a = clamp(hashlib.sha512(seed).digest()[:32])
    # Each point of small order in each of its encodings: y or y + p where that fits, and with the idle sign of x = 0.
    encodings = set()
    for x, y in TORSION:
        for value in (y, y + P):
            if value < 2**255:
                for sign_bit in {x & 1, 1} if x == 0 else {x & 1}:
                    encodings.add((value | sign_bit << 255).to_bytes(32, "little"))
    for n, low in enumerate(sorted(encodings)):
        case(f"small-key-{n}", low, message, signature, False)
        # R = r * B is a usual one, S = r: the equation holds whenever h * A vanishes.
        r = number(f"small/{n}/r") % L
        point = encode(multiply(r, BASE))
        for counter in range(200):
            text = message_of(f"small-{n}-{counter}", 24)
            if equation(low, text, point + r.to_bytes(32, "little")):
                case(f"small-key-{n}-equation-holds", low, text, point + r.to_bytes(32, "little"), False)
                break
        # S = h * a gives S * B - h * A = the identity: with R its encoding the equation holds.
        s = hash_number(low, key, message) % L * a % L
        case(f"small-r-{n}", key, message, low + s.to_bytes(32, "little"), False)
        case(f"small-both-{n}", low, message, low + bytes(32), False)


def non_canonical():
    seed, message = seed_bytes("non-canonical"), message_of("non-canonical", 64)
    key, signature = sign(seed, message)
    for y in range(19):
        for sign_bit in (0, 1):
            if x_of(y, sign_bit) is None:
                continue
            low = (y | sign_bit << 255).to_bytes(32, "little")
            high = (y + P | sign_bit << 255).to_bytes(32, "little")
            for kind, data in (("canonical", low), ("non-canonical", high)):
                case(f"{kind}-key-y-{y}-sign-{sign_bit}", data, message, signature, False)
                case(f"{kind}-r-y-{y}-sign-{sign_bit}", key, message, data + signature[32:], False)
    case("key-p-minus-2", (P - 2).to_bytes(32, "little"), message, signature, False)
    case("key-all-ones", b"\xff" * 32, message, signature, False)
    case("signature-all-ones", key, message, b"\xff" * 64, False)
    case("all-zero", bytes(32), message, bytes(64), False)


def large_message(start, length, mask):
    data, x = bytearray(length), start
    for i in range(length):
        x = (1664525 * x + 1013904223) % 2**32
        data[i] = x >> 24
    data[-1] ^= mask
    return bytes(data)


def large():
    """Messages beyond what 16 bits count and of about a megabyte; only the first of each length is signed anew."""
    entries = []
    for length in (65537, 1000000):
        name = f"large-{length}-bytes"
        seed, start = seed_bytes(name), int.from_bytes(seed_bytes(name + "/start")[:4], "big")
        key, signature = sign(seed, large_message(start, length, 0))
        for suffix, mask in (("", 0), ("-last-byte-changed", 1)):
            valid = equation(key, large_message(start, length, mask), signature)
            assert pre_checks(key, signature) and valid == (mask == 0), name + suffix
            entry = {"name": name + suffix, "valid": valid}
            if valid:
                entry["seed"] = seed.hex()
            entry.update(publicKey=key.hex(), start=start, length=length, mask=mask, signature=signature.hex())
            entries.append(entry)
    return entries


def large_rows(entries):
    rows = []
    for entry in entries:
        # Signing a megabyte takes the portable engine too long for a start; the shorter one shows the same.
        seed = entry.get("seed", "") if entry["length"] < 100000 else ""
        verdict = "valid" if entry["valid"] else "invalid"
        message = "{start}/{length}/{mask}".format(**entry)
        fields = [entry["name"], verdict, seed, entry["publicKey"], message, entry["signature"]]
        rows.append("  '" + ":".join(fields) + "',")
    return rows


def main():
    for group in (ordinary, changed, mixed_torsion, boundaries, small_order, non_canonical):
        group()
    large_cases = large()
    here = pathlib.Path(__file__).resolve().parent
    lines = ",\n".join("    " + json.dumps(entry) for entry, _ in cases)
    more = ",\n".join("    " + json.dumps(entry) for entry in large_cases)
    vectors = '{\n  "madeBy": "ed25519_cases.py",\n  "cases": [\n' + lines + '\n  ],\n  "large": [\n' + more + "\n  ]\n}\n"
    rows = []
    for entry, self_test in cases:
        if self_test:
            verdict = "valid" if entry["valid"] else "invalid"
            fields = [entry["name"], verdict, entry.get("seed", ""), entry["publicKey"], entry["message"]]
            rows.append("  '" + ":".join([*fields, entry["signature"]]) + "',")
    source = (
        "// Written by test/vectors/ed25519_cases.py; do not edit.\n\n"
        "/** The start-up cases, each `name:verdict:seed:publicKey:message:signature` in hex; the seed may be empty. */\n"
        "export const engineCases: readonly string[] = [\n" + "\n".join(rows) + "\n];\n\n"
        "/** Large messages, each `name:verdict:seed:publicKey:start/length/mask:signature`; the seed may be empty. */\n"
        "export const largeEngineCases: readonly string[] = [\n" + "\n".join(large_rows(large_cases)) + "\n];\n"
    )
    files = {
        here / "ed25519.json": vectors,
        here.parent.parent / "src/core/crypto/engine-self-test-cases.ts": source,
    }
    if "--check" in sys.argv[1:]:
        stale = [path.name for path, text in files.items() if not path.exists() or path.read_text() != text]
        sys.exit(f"not what this script writes: {', '.join(stale)}" if stale else 0)
    for path, text in files.items():
        path.write_text(text)
    print(f"{len(cases)} cases, {len(rows)} of them for the start of every engine, {len(large_cases)} large ones")


if __name__ == "__main__":
    main()
