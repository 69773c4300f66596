"""The task of the shipped pair: short questions with one exactly checkable answer.

Eight kinds, equally likely; within a kind the difficulty (digits, entries, days) is drawn evenly.
The split is by a question's canonical form, so that no tested question has a trained twin:
a+b and b+a, the sums and differences of one fact family (a+b=c, b+a=c, c-a=b, c-b=a), a*b and
b*a, every order of the digits to sort, every order of a table and every entry asked of it
stand together in one part.
"""
import random
import zlib

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def number(rng, digits):
    return rng.randint(0, 9) if digits == 1 else rng.randint(10 ** (digits - 1), 10**digits - 1)


def add(rng):
    a, b = number(rng, rng.randint(1, 4)), number(rng, rng.randint(1, 4))
    return f"{a}+{b}=", str(a + b), f"sum {min(a, b)} {max(a, b)}"


def sub(rng):
    a, b = number(rng, rng.randint(1, 4)), number(rng, rng.randint(1, 4))
    a, b = max(a, b), min(a, b)
    return f"{a}-{b}=", str(a - b), f"sum {min(b, a - b)} {max(b, a - b)}"


def mul(rng):
    x, y = rng.choice([(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1)])
    a, b = number(rng, x), number(rng, y)
    return f"{a}*{b}=", str(a * b), f"mul {min(a, b)} {max(a, b)}"


def mod(rng):
    a, b = number(rng, rng.randint(1, 3)), rng.randint(2, 9)
    return f"{a}%{b}=", str(a % b), f"mod {a} {b}"


def sort(rng):
    digits = [rng.choice("0123456789") for _ in range(rng.randint(3, 7))]
    answer = "".join(sorted(digits))
    return f"sort {''.join(digits)}=", answer, f"sort {answer}"


def date(rng):
    month = rng.randint(0, 11)
    day, days = rng.randint(1, DAYS[month]), rng.randint(1, 60)
    question = f"{MONTHS[month]} {day}+{days}d="
    then = day + days
    end = month
    while then > DAYS[end]:
        then -= DAYS[end]
        end = (end + 1) % 12
    return question, f"{MONTHS[end]} {then}", f"date {month} {day} {days}"


def lookup(rng):
    """A table of letters and numbers, and one of its letters: `k31 b7 x902 b=` is 7."""
    keys = rng.sample(LETTERS, rng.randint(2, 6))
    table = [(key, number(rng, rng.randint(1, 3))) for key in keys]
    key, value = rng.choice(table)
    entries = [f"{letter}{n}" for letter, n in table]
    return f"{' '.join(entries)} {key}=", str(value), f"lookup {' '.join(sorted(entries))}"


def largest(rng):
    numbers = [number(rng, rng.randint(1, 3)) for _ in range(rng.randint(2, 5))]
    entries = [str(n) for n in numbers]
    return f"max {' '.join(entries)}=", str(max(numbers)), f"max {' '.join(sorted(entries))}"


KINDS = {
    "add": add,
    "sub": sub,
    "mul": mul,
    "mod": mod,
    "sort": sort,
    "date": date,
    "lookup": lookup,
    "max": largest,
}


def part(key):
    """test (a tenth), validation (a tenth) or train, by the canonical form alone."""
    return {0: "test", 1: "validation"}.get(zlib.crc32(key.encode()) % 10, "train")


def sample(rng, wanted, kind=None):
    """One question of a part: (kind, question, answer, canonical form)."""
    kind = kind or rng.choice(list(KINDS))
    while True:
        question, answer, key = KINDS[kind](rng)
        if part(key) == wanted:
            return kind, question, answer, key


def distinct(seed, wanted, count):
    """`count` questions of a part, no two of one canonical form. A kind may run out of easy ones."""
    rng = random.Random(seed)
    seen, questions = set(), []
    while len(questions) < count:
        one = sample(rng, wanted)
        if one[3] not in seen:
            seen.add(one[3])
            questions.append(one)
    return questions


# A byte-level vocabulary: 0 unknown, 1 begin, 2 end, then one token a byte.
BOS, EOS, VOCABULARY = 1, 2, 259


def encode(text):
    return [3 + byte for byte in text.encode()]


def decode(tokens):
    return bytes(token - 3 for token in tokens if token >= 3).decode("utf8", "replace")
