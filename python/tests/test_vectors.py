"""Every transcript of the project, through Python."""

from __future__ import annotations

import os
import pickle
import subprocess
from pathlib import Path

import pytest
from simcom_at import HostBytes, ModuleBytes, Observer, Report, ReportKind, Silence, Transcript, _core

from .conftest import VECTORS

FILES = sorted(VECTORS.glob("*/*.txt"))
NAMES = [f"{path.parent.name}/{path.stem}" for path in FILES]

pytestmark = pytest.mark.skipif(not FILES, reason="the transcripts are not part of this installation")


def test_there_are_transcripts() -> None:
    assert len(FILES) > 100


def through_observer(transcript: Transcript, chunking: str) -> list[Report]:
    observer = Observer(transcript.dialect, **{key: value for key, value in transcript.config if key in MODES})
    reports: list[Report] = []
    for step in transcript.steps(chunking):
        match step:
            case HostBytes(data):
                reports += observer.receive_host_data(data)
            case ModuleBytes(data):
                reports += observer.receive_data(data)
            case Silence(ms):
                reports += observer.silence(ms)
    return reports + observer.end()


MODES = {"mux", "mode", "echo", "ciphead", "ciprxget", "connected"}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_reports_are_those_that_the_file_expects(path: Path) -> None:
    transcript = Transcript.load(path)
    if transcript.is_ambiguous:
        return
    reports = [str(report) for report in transcript.reports()]
    assert _core.mismatch(transcript.expected, reports) is None


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_any_cut_gives_the_same_text(path: Path) -> None:
    transcript = Transcript.load(path)
    whole = [str(report) for report in through_observer(transcript, "whole")]
    for chunking in ("as-is", "bytes", "every:7"):
        assert [str(report) for report in through_observer(transcript, chunking)] == whole
    assert [str(report) for report in transcript.reports()] == whole


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_reports_are_values(path: Path) -> None:
    for report in Transcript.load(path).reports():
        again = pickle.loads(pickle.dumps(report))
        assert again == report and hash(again) == hash(report) and str(again) == str(report)
        assert isinstance(report.kind, ReportKind)
        assert dict(report) == report.fields


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_transcript_that_is_written_reads_the_same(path: Path) -> None:
    transcript = Transcript.load(path)
    assert Transcript.parse(transcript.to_text()) == transcript
    assert pickle.loads(pickle.dumps(transcript)) == transcript


@pytest.mark.skipif("SIMCOM" not in os.environ, reason="SIMCOM names no command line program")
def test_the_text_is_that_of_the_command_line() -> None:
    for path in FILES:
        done = subprocess.run(
            [os.environ["SIMCOM"], "decode", "--reports", str(path)], capture_output=True, check=True, text=True
        )
        ours = "".join(f"{report}\n" for report in Transcript.load(path).reports())
        assert ours == done.stdout, path
