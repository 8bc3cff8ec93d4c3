"""The examples of the documentation run."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "python.md"


@pytest.mark.skipif(not GUIDE.exists(), reason="the guide is not part of this installation")
def test_the_guide() -> None:
    failed, attempted = doctest.testfile(str(GUIDE), module_relative=False)
    assert attempted > 20 and not failed


@pytest.mark.parametrize("name", ["_transcript", "_bench", "_blocking", "_lines"])
def test_the_modules(name: str) -> None:
    failed, attempted = doctest.testmod(importlib.import_module(f"simcom_at.{name}"))
    assert attempted and not failed
