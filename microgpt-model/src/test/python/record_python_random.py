"""Records what CPython's random draws, for PythonRandomTest. From the top folder:

    python3 microgpt-model/src/test/python/record_python_random.py \
        > microgpt-model/src/test/resources/dev/microgpt/model/python-random.txt

Only the values of gauss depend on the machine: they come from the C library's sin, cos and log.
"""

import datetime
import hashlib
import platform
from random import Random

SEEDS = [0, 1, 42, 2**32, 2**63 + 12345, 2**64 - 1]

WEIGHTS = {
    "halves": [0.5, 0.25, 0.125, 0.125],
    "tenths": [0.1] * 10,  # sums to 0.9999999999999999 from the left
    "zeros": [0.0, 0.0, 1e-300, 3.0, 0.0, 1.0, 0.0],
    "tiny": [5e-324, 1e-323],
    "letters": [1.0 / (i + 3.7) for i in range(27)],
}


def line(key, values):
    print(key, *(v.hex() if isinstance(v, float) else v for v in values))


def sha256(numbers):
    return hashlib.sha256(",".join(map(str, numbers)).encode()).hexdigest()


print(f"# Drawn by {platform.python_implementation()} {platform.python_version()}"
      f" on {' '.join(platform.libc_ver())} {platform.machine()}, {datetime.date.today()}, with")
print("#   python3 microgpt-model/src/test/python/record_python_random.py")
print("# A line is a key and its values; the draws of each line start from a new Random(seed).")

for name, weights in WEIGHTS.items():
    line(f"weights.{name}", weights)

for seed in SEEDS:
    line(f"{seed}.state.sha256", [sha256(Random(seed).getstate()[1])])

    r = Random(seed)
    line(f"{seed}.random", [r.random() for _ in range(20)])

    for k in (1, 5, 8, 16, 31, 32):
        r = Random(seed)
        line(f"{seed}.getrandbits.{k}", [r.getrandbits(k) for _ in range(10)])

    r = Random(seed)  # more words than one twist makes
    line(f"{seed}.getrandbits.32.sha256", [sha256(r.getrandbits(32) for _ in range(2000))])

    r = Random(seed)
    line(f"{seed}.randrange", [r.randrange(n) for n in (1, 2, 3, 10, 2**30, 2**30 + 1, 2**31 - 1)])

    r = Random(seed)
    items = list(range(1000))
    r.shuffle(items)
    line(f"{seed}.shuffle.first", items[:10])
    line(f"{seed}.shuffle.sha256", [sha256(items)])

    r = Random(seed)
    line(f"{seed}.gauss", [r.gauss(0.0, 0.08) for _ in range(200)])

    for name, weights in WEIGHTS.items():
        r = Random(seed)
        line(f"{seed}.choices.{name}", [r.choices(range(len(weights)), weights)[0] for _ in range(30)])

# a generator in the middle of its words and of a pair of gauss, and how it goes on
r = Random(42)
for _ in range(1000):
    r.random()
r.gauss(0.0, 1.0)
version, internal, gauss_next = r.getstate()
assert version == 3
line("middle.internal", internal)
line("middle.gauss_next", [gauss_next])
line("middle.next.gauss", [r.gauss(0.0, 1.0)])
line("middle.next.random", [r.random() for _ in range(5)])
