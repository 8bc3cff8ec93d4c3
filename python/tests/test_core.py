"""The sans-IO classes."""

from __future__ import annotations

import array
import pickle

import pytest
import simcom_at
from simcom_at import (
    Action,
    Closed,
    Closing,
    Dialect,
    Done,
    Failed,
    Line,
    Lost,
    Observer,
    Opened,
    Outcome,
    PeerClosed,
    Ready,
    Received,
    Refused,
    Remedy,
    Report,
    ReportKind,
    Restarted,
    Sent,
    Session,
    Signal,
    Transcript,
    VirtualModem,
    Why,
    _core,
)

from .conftest import Bench


def test_the_whole_job(dialect: str) -> None:
    bench = Bench(dialect)
    bench.session.probe()
    assert any(isinstance(event, Line) for event in bench.until(Ready))
    bench.session.attach("internet")
    done = next(event for event in bench.until(Ready) if isinstance(event, Done))
    assert done.action is Action.ATTACH and done.value == (None if dialect == "kingcom" else "10.0.0.2")
    bench.open()
    payload = bytes(set(range(256)) - {0x1A, 0x1B}) * 40
    size = bench.session.max_payload
    for start in range(0, len(payload), size):
        bench.session.send(0, payload[start : start + size])
        bench.until(Sent)
        if not bench.session.is_ready:
            bench.until(Ready)

    def back() -> bytes:
        return b"".join(event.data for event in bench.events if isinstance(event, Received))

    while len(back()) < len(payload):
        bench.until(Received)
    assert back() == payload
    bench.session.close(0)
    closed = next(event for event in bench.until(Closed) if isinstance(event, Closed))
    assert closed.why is Closing.LOCAL


def test_events_are_frozen_values() -> None:
    event = Received(3, b"abc", ("10.0.0.1", 80), 0)
    assert event == Received(link=3, data=b"abc", peer=("10.0.0.1", 80), left=0)
    assert event != Received(4, b"abc", ("10.0.0.1", 80), 0) and event != (3, b"abc", ("10.0.0.1", 80), 0)
    assert hash(event) == hash(pickle.loads(pickle.dumps(event)))
    assert repr(event) == "Received(link=3, data=b'abc', peer=('10.0.0.1', 80), left=0)"
    assert eval(repr(event)) == event
    with pytest.raises(AttributeError):
        event.link = 4  # type: ignore[misc]
    match event:
        case Received(link, data):
            assert (link, data) == (3, b"abc")
        case _:
            pytest.fail("no match")


EVENTS = [
    Ready(),
    Done(Action.ATTACH, None, "10.0.0.2"),
    Done(Action.SIGNAL, None, Signal(20, 0)),
    Failed(Action.OPEN, 1, 0, Why.CME, 3, Remedy.RETRY, b"+CME ERROR: 3"),
    Opened(0),
    simcom_at.Accepted(1, ("10.0.0.1", 5000)),
    Sent(0, Outcome.UNKNOWN, 12),
    PeerClosed(0),
    Closed(0, Closing.PEER, True),
    simcom_at.LinkStatus(0, simcom_at.LinkState.CONNECTED),
    simcom_at.NetworkDown(0),
    simcom_at.Registration(True, 5),
    Restarted(),
    simcom_at.Power(True),
    simcom_at.Ring(),
    simcom_at.Sms(7),
    Line(b"x", False),
    Lost(simcom_at.Loss.PAYLOAD, None, 4),
    simcom_at.Other("New { x: 1 }"),
    simcom_at.Ack(1, 2),
    simcom_at.HostBytes(b"AT\r"),
    simcom_at.ModuleBytes(b"OK"),
    simcom_at.Silence(100),
    simcom_at.VirtualLink(0, "connected", False, ("10.0.0.1", 80), None, 1, 2, 3, 4, 5),
    simcom_at.VirtualState("command", 1, True, False),
]


@pytest.mark.parametrize("event", EVENTS, ids=repr)
def test_every_event_is_a_value(event: object) -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(event, protocol))
        assert again == event and hash(again) == hash(event) and repr(again) == repr(event)
    assert len({event, again}) == 1
    names = type(event).__match_args__  # type: ignore[attr-defined]
    assert all(hasattr(event, name) for name in names)
    with pytest.raises(TypeError):
        event < event  # type: ignore[operator]


def test_every_member_of_the_core_has_its_enum() -> None:
    # Events that the virtual modem can make say so themselves; here are the names.
    assert Action("listen") is Action.LISTEN and str(Outcome.NOT_SENT) == "not_sent"
    assert ReportKind("CmeError") is ReportKind.CME_ERROR
    assert [str(dialect) for dialect in Dialect] == ["sim800", "sim800e", "sim7000", "kingcom", "a7600", "rda8955"]


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, lambda data: array.array("B", data)])
def test_bytes_like_in_bytes_out(make: object) -> None:
    session = Session("sim800")
    events = session.receive_data(make(b"\r\nRDY\r\n\r\n+RECEIVE,0,3:\r\nabc"))  # type: ignore[operator]
    assert events == Session("sim800").receive_data(b"\r\nRDY\r\n\r\n+RECEIVE,0,3:\r\nabc")
    assert events and type(session.data_to_send()) is bytes


@pytest.mark.parametrize("bad", [None, "text", 3, [1, 2], 1.5])
def test_other_types_are_refused(bad: object) -> None:
    with pytest.raises(TypeError, match="bytes-like"):
        Session("sim800").receive_data(bad)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        VirtualModem("sim800").receive_data(bad)  # type: ignore[arg-type]


def test_wrong_words_say_what_is_right() -> None:
    with pytest.raises(ValueError, match="must be one of sim800, sim800e"):
        Session("sim900")
    with pytest.raises(TypeError, match="unexpected keyword"):
        Session("sim800", speed=1)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="no such knob"):
        VirtualModem("sim800", knobs={"color": 1})
    with pytest.raises(ValueError, match="no such setting"):
        VirtualModem("sim800", line={"color": 1})
    with pytest.raises(ValueError, match="network must be"):
        VirtualModem("sim800", network="x")
    with pytest.raises(ValueError, match="there are notice"):
        VirtualModem("sim800").fault("explode")
    with pytest.raises(TypeError, match="needs the keyword code"):
        VirtualModem("sim800").fault("refuse", command="+CIPSTART")
    with pytest.raises(TypeError, match="no such keyword"):
        VirtualModem("sim800").fault("send_fail", ms=3)
    with pytest.raises(ValueError, match="finite"):
        Session("sim800", now=float("nan"))
    with pytest.raises(ValueError, match="no such mode"):
        Observer("sim800", mux="many")
    with pytest.raises(OverflowError):
        Session("sim800").open(300, "host", 1)
    with pytest.raises(OverflowError):
        Session("sim800").open(0, "host", 70000)


def test_a_refusal_is_an_exception_with_its_reason() -> None:
    session = Session("sim800")
    with pytest.raises(Refused) as caught:
        session.open(9, "host", 1)
    assert caught.value.reason is simcom_at.Refusal.NO_SUCH_LINK
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.reason is caught.value.reason and str(again) == str(caught.value)
    with pytest.raises(Refused, match="quote"):
        session.attach('a"b')
    with pytest.raises(ValueError):
        session.raw("AT\r")
    assert session.data_to_send() == b""


def test_deadlines_are_in_the_callers_clock() -> None:
    for start in (0.0, 12345.678, 1e9):
        session = Session("sim800", now=start)
        assert session.next_timeout() is None
        session.probe(now=start)
        assert session.data_to_send(now=start) == b"AT\r"
        end = session.next_timeout()
        assert end is not None and start < end < start + 20
        assert session.timeout_reason() == "answer"
        events: list[simcom_at.Event] = []
        for _ in range(1000):
            due = session.next_timeout()
            if due is None:
                break
            events += session.handle_timeout(due)
            session.data_to_send(now=due)
        assert any(isinstance(event, Failed) and event.why is Why.TIMEOUT for event in events)


def test_time_that_goes_back_stands_still() -> None:
    session = Session("sim800", now=100.0)
    session.probe(now=101.0)
    session.data_to_send(now=50.0)
    due = session.next_timeout()
    assert due is not None and due >= 101.0


def test_same_seed_same_bytes() -> None:
    def run(seed: int) -> bytes:
        line = {"drop_ppm": 20_000, "flip_ppm": 20_000, "noise_ppm": 5_000, "noise_len": 4}
        modem = VirtualModem("sim7000", seed=seed, baud=9600, line=line)
        for second in range(20):
            modem.receive_data(b"ATI\r", float(second))
        return modem.data_to_send(100.0)

    assert run(1) == run(1) != run(2)


def test_a_paced_line_takes_its_time() -> None:
    modem = VirtualModem("sim7000", baud=9600)
    modem.receive_data(b"ATI\r", 0.0)
    assert modem.data_to_send(0.001) == b""
    due = modem.next_timeout()
    assert due is not None and due > 0.001
    whole = b""
    for tenth in range(1, 20):
        whole += modem.data_to_send(tenth / 10)
    assert whole == b"ATI\r\r\nSIM7000 R1351\r\n\r\nOK\r\n"
    assert modem.statistics["to_host"]["delivered"] == len(whole)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("notice", {"data": b"\r\nRING\r\n", "at": 2}),
        ("drop_final", {}),
        ("late_final", {"ms": 3000}),
        ("double_final", {}),
        ("no_prompt", {}),
        ("send_fail", {}),
        ("refuse", {"command": "AT+CIPSEND", "code": 3}),
        ("own_error", {"command": "AT+CIPSEND", "code": 3}),
        ("dns_fail", {"code": 3}),
        ("short_payload", {"size": 2}),
        ("wrong_length", {"by": 3}),
        ("restart_in_payload", {"size": 2}),
        ("hang", {"ms": 2000}),
    ],
)
def test_after_every_fault_the_session_goes_on(fault: str, words: dict[str, object]) -> None:
    bench = Bench("sim7000")
    bench.up()
    bench.open()
    bench.modem.fault(fault, **words)
    bench.session.send(0, b"hello")
    bench.until(lambda event: isinstance(event, (Sent, Closed, Restarted)))
    end = bench.now + 300.0
    while bench.now < end and not (bench.session.is_ready and bench.modem.faults == 0):
        times = [t for t in (bench.session.next_timeout(), bench.modem.next_timeout()) if t is not None]
        if not times:
            break
        bench.now = max(bench.now, min(times))
        bench.step()
    bench.modem.clear_faults()
    bench.session.signal()
    done = [event for event in bench.until(Ready) if isinstance(event, Done)]
    assert done and done[-1].value == Signal(20, 0)


def test_what_happens_by_itself() -> None:
    bench = Bench("a7600")
    bench.up()
    bench.modem.notify("ring", now=bench.now)
    bench.modem.notify("sms", index=3, now=bench.now)
    events = bench.until(simcom_at.Sms)
    assert simcom_at.Ring() in events and simcom_at.Sms(3) in events
    bench.open()
    bench.modem.notify("restart", now=bench.now)
    events = bench.until(Restarted)
    assert Closed(0, Closing.RESTART, True) in events


def test_the_other_end_can_be_looked_at_and_moved() -> None:
    bench = Bench("sim800")
    bench.up()
    bench.open(port=9)
    bench.session.send(0, b"to the peer")
    bench.until(Sent)
    peer = bench.modem.peer(0)
    assert peer is not None and peer.received == b"to the peer" and peer.state == "open" and not peer.udp
    bench.modem.peer_send(peer.token, b"from the peer")
    assert b"".join(e.data for e in bench.until(Received) if isinstance(e, Received)) == b"from the peer"
    bench.modem.peer_close(peer.token)
    events = bench.until(Closed)
    assert PeerClosed(0) in events and Closed(0, Closing.PEER, True) in events
    with pytest.raises(ValueError, match="no such open connection"):
        bench.modem.peer_send(peer.token, b"x")


def test_credit_holds_the_peer_back() -> None:
    bench = Bench("sim800")
    bench.modem.serve(1234, "burst", size=5000)
    bench.up()
    bench.open(port=1234)
    bench.session.receive(0, 0)
    before = sum(len(e.data) for e in bench.events if isinstance(e, Received))
    for _ in range(20):
        bench.now += 0.5
        bench.step()
    assert sum(len(e.data) for e in bench.events if isinstance(e, Received)) <= before + 1460
    bench.session.receive(0, None)
    bench.until(Closed)
    received = b"".join(e.data for e in bench.events if isinstance(e, Received))
    assert received == _core.pattern(5000)


def test_reports_are_values() -> None:
    report = Report("Data", {"link": 2, "len": 3, "bytes": b"abc"}, b"")
    assert str(report) == 'Data{link=2,len=3,bytes="abc"}' and report["bytes"] == b"abc" and report.link == 2
    assert report == pickle.loads(pickle.dumps(report)) and len(report) == 3 and "len" in report
    assert report.get("rest") is None and report.get("rest", 5) == 5
    match report:
        case Report(ReportKind.DATA, 2):
            pass
        case _:
            pytest.fail("no match")
    match report:
        case {"bytes": data}:
            assert data == b"abc"
    with pytest.raises(KeyError):
        report["rest"]
    with pytest.raises(ValueError, match="no report has"):
        Report("Nonsense")


def test_a_transcript_is_written_and_shown(tmp_path: object) -> None:
    transcript = Transcript("sim800")
    transcript.add_host(b"AT+CSQ\r")
    transcript.add_module(b"\r\n+CSQ: 20,0\r\n\r\nERROR\r\n")
    transcript.add_silence(1000)
    path = tmp_path / "x.txt"  # type: ignore[operator]
    transcript.save(path)
    assert Transcript.load(path) == transcript and type(Transcript.load(path)) is Transcript
    assert "Signal{rssi=20,ber=0}" in transcript.annotated() and "#cf222e" in transcript._repr_html_()
    with pytest.raises(ValueError, match=r"x\.txt:1:3: bad escape"):
        Transcript.parse("< \\q", "x.txt")
    with pytest.raises(ValueError, match="does not say its dialect"):
        Transcript().reports()
    assert simcom_at.unescape(simcom_at.escape(bytes(range(256)))) == bytes(range(256))
