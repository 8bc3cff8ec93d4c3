"""TCP/IP AT commands of SIMCom-type cellular modules.

* asyncio: `open_modem`, whose links are real streams.
* Blocking: `Modem`, whose links are real sockets.
* Benches: `VirtualModem`, and `ModemServer`, which puts one on a pty or a TCP port; a pytest plugin with fixtures.
* Sans-IO: `Session`, `VirtualModem`, `Observer`, `Transcript`: bytes and the time in, bytes and events out.
"""

from __future__ import annotations

from ._core import (
    Accepted,
    Ack,
    Closed,
    Done,
    Failed,
    HostBytes,
    Line,
    LinkStatus,
    Lost,
    ModuleBytes,
    NetworkDown,
    Observer,
    Opened,
    Other,
    PeerClosed,
    Power,
    Ready,
    Received,
    Registration,
    Report,
    Restarted,
    Ring,
    Sent,
    Session,
    Signal,
    Silence,
    Sms,
    VirtualModem,
    VirtualPeer,
    __version__,
    escape,
    unescape,
)
from ._enums import (
    Action,
    Closing,
    Dialect,
    LinkState,
    Loss,
    Outcome,
    Reason,
    Refusal,
    Remedy,
    ReportKind,
    Why,
)
from ._errors import (
    CommandError,
    LinkClosed,
    ModemRestarted,
    ModemTimeout,
    PortError,
    ProtocolError,
    Refused,
    SimcomError,
)
from ._events import Event
from ._transcript import Transcript

from ._aio import AsyncModem, open_modem
from ._bench import ModemServer
from ._blocking import Modem, ModemListener, ModemSocket
from ._links import Datagrams, LinkServer, LinkTransport
