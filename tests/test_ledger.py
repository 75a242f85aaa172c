"""The ledger: what it accepts, what it refuses, and what it says is covered."""
import json

import numpy as np
import pytest
import torch
from publish import coverage

from helpers import ledger


def test_every_claim_of_the_five_decks_is_there_and_well_formed():
    claims = ledger.claims()
    assert len(claims) == 296
    for entry in claims.values():
        assert entry.deck in ledger.DECKS and entry.verdict in ledger.MARKS and entry.priority in (1, 2, 3)
        assert entry.correction or entry.verdict in ("true", "needs-training"), f"{entry.id} is wrong but not corrected"


@pytest.mark.parametrize("computed, expected, same", [
    (1, 1, True), (1.0000001, 1, True), (1.00001, 1, False), (np.float64(2.5), 2.5, True), (torch.tensor(3), 3, True),
    ((1, 2), [1, 2], True), (np.array([[1, 2]]), [[1, 2]], True), ([1, 2, 3], [1, 2], False), ([2, 1], [1, 2], False),
    ({"a": 1}, {"a": 1}, True), ({"a": 1}, {"a": 1, "b": 2}, False), ({"a": 1, "b": 2}, {"a": 1}, False),
    (True, True, True), (1, True, False), (True, 1, False), ("text", "text", True), ("text", 3, False),
    (float("nan"), 1.0, False), (None, 0, False), ([], 0, False), (1e-9, 0, True), ("3", 3, False),
])
def test_agreement(computed, expected, same):
    assert ledger.agrees(computed, expected) is same


def test_a_right_value_is_shown_with_deck_printed_computed_and_verdict():
    computed = {"share_of_side": 1 / 16, "share_of_pixels": 1 / 256, "pixels": [65536, 256]}
    result = ledger.check("resize-keeps-6p25", computed)
    line = repr(result)
    parts = ("AIDA lecture 5", "Reality check", "printed: 6.25 % of the features kept",
             "computed: share of side 0.0625", "✗ false")
    for part in parts:
        assert part in line
    assert "\n" not in line
    assert "Check the slide" in result._repr_html_() and "0.390625 %" in result._repr_html_()


def test_a_true_claim_has_no_erratum():
    assert "Check the slide" not in ledger.check("ct-pixel-counts", {"pixels": [65536, 262144]})._repr_html_()


@pytest.mark.parametrize("value", [{"pixels": [65536, 262145]}, 65536, {"pixels": [65536]}, None])
def test_a_wrong_value_raises_and_shows_both(value):
    with pytest.raises(ledger.LedgerError, match="ct-pixel-counts: computed .* verified value is pixels"):
        ledger.check("ct-pixel-counts", value)


def test_an_unknown_claim_names_its_neighbours():
    with pytest.raises(KeyError, match="resize-keeps-6p25"):
        ledger.check("resize-keeps-625", 1)


def test_only_what_cannot_be_computed_may_be_cited():
    assert "source: LeCun et al. 1998" in repr(ledger.cite("mnist-origin-usps", "LeCun et al. 1998"))
    with pytest.raises(ledger.LedgerError, match="use ledger.check"):
        ledger.cite("ct-shape", "a book")


def test_a_table_checks_every_row():
    table = ledger.table({"ct-pixel-counts": {"pixels": [65536, 262144]}}, {"mnist-origin-usps": "LeCun et al. 1998"})
    assert table._repr_html_().count("<tr>") == 3
    with pytest.raises(ledger.LedgerError):
        ledger.table({"ct-pixel-counts": 0})


def notebook(folder, name, tags, executed):
    cell = {"cell_type": "code", "id": "a", "source": "", "metadata": {"tags": tags}, "execution_count": executed,
            "outputs": []}
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")


def test_coverage_counts_executed_tagged_cells(tmp_path):
    notebook(tmp_path, "lectures/01_a.ipynb", ["claim:ct-shape", "other"], 1)
    notebook(tmp_path, "lectures/02_b.ipynb", ["claim:rgb-shape"], None)
    notebook(tmp_path, "labs/solutions/01_a.ipynb", ["claim:ct-shape"], 2)
    found = coverage.coverage(tmp_path)
    assert found.where == {"ct-shape": ["lectures/01_a.ipynb", "labs/solutions/01_a.ipynb"]}
    assert "rgb-shape" in found.missing(lecture=1, priority=1) and "ct-shape" not in found.missing()
    assert "1 of 14" in repr(found)


def test_a_tag_that_names_no_claim_is_an_error(tmp_path):
    notebook(tmp_path, "lectures/01_a.ipynb", ["claim:nothing-like-it"], 1)
    with pytest.raises(KeyError, match="no claim"):
        coverage.coverage(tmp_path)


def test_a_missing_ledger_says_how_to_get_it_back(tmp_path, monkeypatch):
    monkeypatch.setattr(ledger, "CLAIMS_FILE", tmp_path / "claims.json")
    ledger.claims.cache_clear()
    with pytest.raises(FileNotFoundError, match="git checkout"):
        ledger.claims()
    ledger.claims.cache_clear()
