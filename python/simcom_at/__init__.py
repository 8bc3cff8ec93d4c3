"""TCP/IP AT commands of SIMCom-type cellular modules.

Sans-IO: `Session`, `VirtualModem`, `Observer`, `Transcript`.
"""

from __future__ import annotations

from ._core import (
    Accepted,
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
from ._core import VirtualModem
from ._transcript import Transcript
