"""What was checked in the five source decks: how much of it is reproduced, what is wrong there, what is open.

    python3 course.py ledger              counts by lecture and by deck, what is open, topics that lead nowhere
    python3 course.py ledger --all        also every claim: printed, computed, verdict, where
    python3 course.py ledger --deck pisa  one deck only; also aida-l4, aida-l5, twente-l2, notes
    python3 course.py ledger --check      exit 1 where a lecture that exists leaves a claim or a topic out
"""
import argparse
import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from publish import coverage, errata, places  # noqa: E402

from helpers import ledger, tables  # noqa: E402


def counts(rows):
    """A table of decks and verdicts, as text."""
    lines = [("deck", *ledger.MARKS, "all")]
    for deck, found in errata.verdicts(rows).items():
        if found:
            lines.append((ledger.DECKS[deck], *(str(found[verdict]) for verdict in ledger.MARKS), str(found.total())))
    return tables.as_text(lines, ("left", *["right"] * (len(lines[0]) - 1)))


def open_claims(rows):
    """Ids of the claims that nothing reproduces, by reason, as text."""
    missing = sorted((row for row in rows if not row.places), key=lambda row: row.open)
    return "\n".join(f"{reason}: " + ", ".join(row.claim.id for row in group)
                     for reason, group in groupby(missing, key=lambda row: row.open))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="print every claim")
    parser.add_argument("--deck", choices=ledger.DECKS, help="one deck only")
    parser.add_argument("--check", action="store_true", help="exit 1 where something is left out")
    options = parser.parse_args(arguments)
    rows, topics = errata.rows(), places.topics()
    shown = [row for row in rows if options.deck in (None, row.claim.deck)]
    if options.all or options.deck:
        print(*shown, sep="\n", end="\n\n")
    if not options.deck:
        print("Reproduced in a notebook, by lecture and priority", coverage.coverage(), sep="\n", end="\n\n")
    print("Verdicts", counts(shown), sep="\n")
    print("", open_claims(shown), sep="\n")
    faults = errata.faults(rows, errata.lectures())
    faults += [f"topic {topic}: {name} is on no page: name its place in data/topics.toml."
               for topic, name, place in topics if place.missing]
    print(f"\n{len(topics)} topics, {sum(bool(place.cell) for *_, place in topics)} of them on a page")
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if options.check and faults else 0


if __name__ == "__main__":
    sys.exit(main())
